import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';
import { graphqlInput } from './inputs-graphql.ts';
import { httpInput } from './inputs-http.ts';
import { rawInput } from './inputs-raw.ts';

/** Bytes on the socket, requests in odd shapes, and operations that are made from the schema. */
export const inputClasses = ['raw', 'http', 'graphql'] as const;
export type InputClass = (typeof inputClasses)[number];

/** `lasting` has to survive all inputs; whatever may sign out or disconnect goes with `passing`. */
export type SessionName = 'lasting' | 'passing';

/** A sign-in that a browser of its own has begun: its callback is asked for with junk in the place of the code. */
export type StartedSignIn = { callbackPath: string; state: string; cookie: string };

/** What inputs are made of that differs from run to run: which choices are made does not depend on it. */
export type World = {
  port: number;
  /** The Cookie headers of the two signed-in sessions. */
  cookies: Record<SessionName, string>;
  started: readonly StartedSignIn[];
  /** An authorization code that was used. */
  usedCode: string;
};

/** What a generator works with. `marker` is a text that may be planted anywhere but in a path or a request id. */
export type Making = { random: SeededRandom; world: World; marker: string };

export type Input = {
  class: InputClass;
  index: number;
  /** Written one after the other, in latin1. */
  pieces: string[];
  /** Whether the answer to it has no body. */
  isHead: boolean;
  /**
   * Undefined: a request that stands for itself, whose one answer has to come. Otherwise a connection of its own,
   * which is ended after so many milliseconds of silence.
   */
  endsAfterMs: number | undefined;
};

/** What a generator makes. */
export type Made = Omit<Input, 'class' | 'index'>;

const generators: Record<InputClass, (making: Making) => Made> = {
  raw: rawInput,
  http: httpInput,
  graphql: graphqlInput,
};

/** The mark that an input leaves in the secrets that it sends, by which a line of the log is traced back to it. */
export const markerOf = (index: number): string => `PlantedCanary${index}x`;
export const markerPattern = /PlantedCanary(\d+)x/;

/** Classes take turns under `all`. */
export const classAt = (index: number, chosen: InputClass | 'all'): InputClass =>
  chosen === 'all' ? (inputClasses[index % inputClasses.length] ?? 'raw') : chosen;

/** The input at a place: always the same for a seed, whatever came before it. */
export function inputAt(
  index: number,
  options: { seed: number; class: InputClass | 'all'; world: World },
): Input {
  const { seed, world } = options;
  const inputClass = classAt(index, options.class);
  const random = createSeededRandom(Math.imul(seed ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b));
  const made = generators[inputClass]({ random, world, marker: markerOf(index) });
  return { class: inputClass, index, ...made };
}

/** What may end a session, or change what it holds, however it is escaped. */
export function sessionFor(text: string): SessionName {
  const plain = text
    .replaceAll('\0', '') // as UTF-16 has them
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\u00([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return /logout|disconnect/i.test(plain) ? 'passing' : 'lasting';
}
