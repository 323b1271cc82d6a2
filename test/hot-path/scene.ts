import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { requestText } from '../fuzz/request-text.ts';
import type { Exchange } from './exchange.ts';
import { plainBody } from './odd-bodies.ts';
import {
  expectSameLogs,
  expectSameMetrics,
  graphqlPost,
  type Pair,
  type Person,
  type Sent,
  startPair,
} from './pair.ts';
import { ada } from './people.ts';

/** A request for GraphQL written line by line; what is not named is as it should be. */
export type RawOptions = {
  line?: string;
  host?: string[];
  headers?: string[];
  body?: string;
  cookie?: boolean;
};

/** A request for one of the REST paths. */
export type RestOptions = {
  method?: string;
  target: string;
  headers?: (readonly [string, string])[];
  body?: string;
};

/**
 * A pair of gateways for the tests of a file, with somebody who is signed in and a query that is hot. To be called at the
 * top of the file.
 */
export function usePair(env?: Record<string, string>) {
  let pair: Pair;
  let person: Person;
  let hotBefore = 0;

  beforeAll(async () => {
    pair = await startPair(env);
    person = await pair.person(ada);
    for (let time = 0; time < 2; time++) await pair.ask((sent) => ({ pieces: [post(sent)] }));
    expect(await pair.hotRequests()).toBe(1);
  });
  beforeEach(async () => {
    hotBefore = await pair.hotRequests();
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  /** The plain request, which is hot, with more headers. */
  const post = (sent: Sent, headers: [string, string][] = []): string =>
    graphqlPost(sent, { cookie: person[sent.way], body: plainBody, headers });

  return {
    post,
    pair: () => pair,
    cookieOf: ({ way }: Sent) => person[way],
    person: () => pair.person(ada),
    /** How many requests of this test were hot. */
    hotRequests: async () => (await pair.hotRequests()) - hotBefore,

    /** Both answer the same, in so many answers, whose statuses are given back. */
    async expectSame(make: (sent: Sent) => Exchange, answers = 1): Promise<number[]> {
      const { hot, ordinary } = await pair.ask(make);
      expect(hot).toEqual(ordinary);
      expect(ordinary).toHaveLength(answers);
      return ordinary.map(({ status }) => status);
    },

    raw({ way, id }: Sent, options: RawOptions): string {
      const { line = 'POST /graphql HTTP/1.1', host = ['Host: localhost'] } = options;
      const { headers = [], body = plainBody } = options;
      const isChunked = headers.some((header) => header.startsWith('Transfer-'));
      const fixed = ['Content-Type: application/json', `X-Request-Id: ${id}`];
      const lines = [
        ...[line, ...host, ...fixed],
        ...(options.cookie === false ? [] : [`Cookie: ${person[way]}`]),
        ...headers,
        ...(isChunked ? [] : [`Content-Length: ${body.length}`]),
      ];
      return `${lines.join('\r\n')}\r\n\r\n${body}`;
    },

    rest: ({ way, id }: Sent, { headers = [], ...parts }: RestOptions): string =>
      requestText({
        ...parts,
        headers: [['Host', 'localhost'], ['X-Request-Id', id], ['Cookie', person[way]], ...headers],
      }),

    /** A test, the last one of its file. */
    tellsTheSame(least: number): void {
      it('the log and the metrics say the same of all of it', async () => {
        await expectSameLogs(pair, { least });
        await expectSameMetrics(pair);
      });
    },
  };
}
