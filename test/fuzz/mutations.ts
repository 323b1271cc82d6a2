import type { SeededRandom } from '../support/seeded-random.ts';
import { anyOf, oneOf } from './chances.ts';
import { bytes } from './junk.ts';

/** What may change the meaning of a text in a place. */
export type Alphabet = readonly string[];

/** Texts that HTTP's parsers look for. */
export const httpAlphabet: Alphabet = [
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '%',
  '\u00ff',
  '\u0080',
  '\x7f',
  '\v',
  'HTTP/1.1',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 1\r\n',
  'Host: x\r\n',
  'GET / HTTP/1.1\r\n',
  '0\r\n\r\n',
  '-1',
  '99999999999999999999',
];

/** Texts that the parsers of JSON and GraphQL look for. */
export const textAlphabet: Alphabet = [
  ...'{}[]()"\'\\:,!$@&|=#.\n\t\0',
  '...',
  '"""',
  '\\u0000',
  '\\ud800',
  'null',
  '__proto__',
  '1e999',
  '-',
  '\u00ef\u00bb\u00bf',
  '\u00ff',
  ' on ',
  ' fragment ',
  ' mutation ',
  ' subscription ',
  '@skip(if: true)',
  '__typename',
  '__schema',
];

/** A text with so many small damages, at places by chance. */
export function damaged(
  text: string,
  options: { random: SeededRandom; times: number; alphabet: Alphabet },
): string {
  let damagedText = text;
  for (let time = 0; time < options.times; time++) damagedText = damagedOnce(damagedText, options);
  return damagedText;
}

function damagedOnce(
  text: string,
  { random, alphabet }: { random: SeededRandom; alphabet: Alphabet },
): string {
  const at = random.integer(0, Math.max(0, text.length - 1));
  const length = random.integer(1, random.pick([1, 3, 20, 200]));
  const before = text.slice(0, at);
  const after = text.slice(at);
  return oneOf(random, [
    () => before + String.fromCharCode(random.integer(0, 255)) + after.slice(1),
    () =>
      before + String.fromCharCode((after.charCodeAt(0) || 0) ^ (1 << random.integer(0, 7))) + after.slice(1),
    () => before + anyOf(random, alphabet) + after,
    () => before + anyOf(random, alphabet) + after.slice(length),
    () => before + after.slice(length),
    () => before + after.slice(0, length) + after,
    () => before + after.slice(0, length).repeat(random.integer(2, 30)) + after.slice(length),
    () => before + bytes(random, 1, 20) + after,
    () => before,
    () => after,
  ]);
}
