import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rateLimits } from '../../src/http/rate-limits.ts';
import { type Exchange, exchange, type WireAnswer } from './exchange.ts';
import { cookieWith, graphqlPost, type Pair, startPair, type Way, ways } from './pair.ts';
import { ada } from './people.ts';

let pair: Pair;
beforeAll(async () => {
  pair = await startPair({ RATE_LIMIT: 'on' });
  await sent('hot', 2, () => post({ from: '192.0.2.1' })); // the query is admitted
});
afterAll(() => pair[Symbol.asyncDispose]());

type Asking = { from: string; cookie?: string };

const post = ({ from, cookie }: Asking, query = '{ me { loggedIn } }') =>
  graphqlPost({ way: 'hot', id: 'x' }, { cookie, body: { query }, headers: [['X-Forwarded-For', from]] });
const get = ({ from, cookie }: Asking) =>
  `GET /api/user HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${from}\r\n${cookie ? `Cookie: ${cookie}\r\n` : ''}\r\n`;

/** How many requests are sent in one packet. */
const together = 50;

/** Sends so many requests, and gives back their answers in order. */
async function sent(way: Way, times: number, write: (at: number) => string): Promise<WireAnswer[]> {
  const answers: WireAnswer[] = [];
  for (let at = 0; at < times; at += together) {
    const requests = Array.from({ length: Math.min(together, times - at) }, (_, more) => write(at + more));
    const parts: Exchange = { pieces: [requests.join('')], answers: requests.length };
    answers.push(...(await exchange(pair.portOf(way), parts)));
  }
  return answers;
}

/** How much was left, from the most to the least: requests that are sent together may overtake each other. */
const left = (answers: readonly WireAnswer[], limit: string) =>
  answers
    .map(({ headers }) => Number(new RegExp(`"${limit}";r=(\\d+)`).exec(String(headers.ratelimit))?.[1]))
    .sort((a, b) => b - a);
const downFrom = (most: number, times: number) => Array.from({ length: times }, (_, at) => most - 1 - at);
const statuses = (answers: readonly WireAnswer[]) => [...new Set(answers.map(({ status }) => status))];

describe.each(ways)('with the hot path as it is on the %s gateway', (way) => {
  it('a session is refused beyond its limit, whichever of its requests are hot', async () => {
    const { most } = rateLimits.session;
    const cookie = await cookieWith(pair.gateways.hot, ada);
    const asking = { from: way === 'hot' ? '192.0.2.2' : '192.0.2.3', cookie };
    // REST and GraphQL in turn, and now and then a question that Apollo has to answer
    const write = (at: number) =>
      at % 6 === 0 ? post(asking, '{ __schema { __typename } }') : at % 2 ? get(asking) : post(asking);
    const answers = await sent(way, most + 20, write);
    expect(answers).toHaveLength(most + 20);
    const good = answers.slice(0, most);
    expect(statuses(good)).toEqual([200]);
    expect(statuses(answers.slice(most))).toEqual([429]);
    expect(left(good, 'session')).toEqual(downFrom(most, most));
    expect(left(answers, 'client')).toEqual(downFrom(rateLimits.client.most, answers.length));
  });
});

it.each([
  ['nobody', [], undefined],
  ['a client behind a proxy', ['192.0.2.10'], undefined],
  ['the last of several that no trusted proxy has named', ['198.51.100.1, 192.0.2.11'], undefined],
  ['one in two headers', ['198.51.100.2', '192.0.2.12'], undefined],
  ['a client with a port', ['192.0.2.13:4711'], undefined],
  ['a client of IPv6', ['2001:db8:0:100::1'], undefined],
  ['the neighbour of that one', ['2001:db8:0:1ff::2'], 2],
  ['what is no address', ['unknown'], undefined],
  ['another that is none', ['x'], 2],
  ['an empty list', [','], undefined],
])('%s is told the same of what is left as on the ordinary way', async (_title, addresses, times = 1) => {
  const person = await pair.person(ada);
  for (let time = 0; time < times; time++) {
    const { hot, ordinary } = await pair.ask((sent) => ({
      pieces: [
        graphqlPost(sent, {
          cookie: person[sent.way],
          body: { query: '{ me { loggedIn } }' },
          headers: addresses.map((address): [string, string] => ['X-Forwarded-For', address]),
        }),
      ],
    }));
    expect(hot).toEqual(ordinary);
    expect(left(ordinary, 'session')).toEqual(downFrom(rateLimits.session.most - time, 1));
  }
});

it('a client is refused beyond its limit, whoever is signed in, and reads no session', async () => {
  const { most } = rateLimits.client;
  const asking = { from: '192.0.2.4' };
  const before = await pair.hotRequests();
  const answers = await sent('hot', most, (at) => (at % 2 ? get(asking) : post(asking)));
  expect(statuses(answers)).toEqual([200]);
  expect(left(answers, 'client')).toEqual(downFrom(most, most));
  expect((await pair.hotRequests()) - before).toBe(most);

  const cookie = await cookieWith(pair.gateways.hot, ada);
  const working = pair.store.get;
  let reads = 0;
  pair.store.get = (...args) => {
    reads++;
    return working(...args);
  };
  const refused = await sent('hot', 10, (at) =>
    at % 2 ? get({ ...asking, cookie }) : post({ ...asking, cookie }),
  );
  pair.store.get = working;
  expect(statuses(refused)).toEqual([429]);
  for (const { headers } of refused) expect(headers['retry-after']?.[0]).toMatch(/^\d+$/);
  expect(reads).toBe(0);
  const [other] = await sent('hot', 1, () => get({ from: '192.0.2.5', cookie }));
  expect(other?.status).toBe(200);
});
