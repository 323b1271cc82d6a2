import { expect } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { requestText, utf8 } from '../fuzz/request-text.ts';
import { scrape } from '../ops/scrape.ts';
import type { GraphqlAnswer } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type Exchange, exchange, type WireAnswer } from './exchange.ts';

/** The two gateways of a pair: with the hot path, and without. */
export const ways = ['hot', 'ordinary'] as const;
export type Way = (typeof ways)[number];

/** The Cookie headers of two sessions that hold the same, one for each gateway: what one changes, so does the other. */
export type Person = Record<Way, string>;

/** What differs between two requests for the same: nothing but the id that they carry, and the cookie. */
export type Sent = { way: Way; id: string };

export type Pair = AsyncDisposable & {
  gateways: Record<Way, TestGateway>;
  portOf(way: Way): number;
  /** The one store that both work on, for whoever wants it to fail. */
  store: SessionStore;
  clock: { now: number };
  person(data: GatewaySession): Promise<Person>;
  /** Sends a request to both, with the same id, and gives back what is to be the same. */
  ask(make: (sent: Sent) => Exchange): Promise<Record<Way, WireAnswer[]>>;
  /** How many requests the hot path has answered. */
  hotRequests(): Promise<number>;
  /** What each has logged of the requests that `ask` has sent. */
  logs(): Record<Way, unknown[]>;
};

const start = Date.parse('2026-01-31T12:00:00.000Z');

/**
 * Two gateways that differ in HOT_PATH alone: over one store, by one clock that stands still, with a sandbox each, whose
 * people are the same.
 */
export async function startPair(env: Record<string, string> = {}): Promise<Pair> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(createTemporaryFolder());
  const clock = { now: start };
  const now = () => clock.now;
  const lmdb = await openLmdbSessionStore(folder.path, now);
  opened.defer(() => lmdb.close());
  const store: SessionStore = { ...lmdb, close: async () => {} };
  const shared: SessionStore = {
    ...store,
    get: (...args) => store.get(...args),
  };
  const startOne = async (hotPath: string) =>
    opened.use(
      await startGateway({
        store: shared,
        now,
        env: {
          RATE_LIMIT: 'off', // its windows begin at the first request, and end in the middle of a long test
          TRUST_PROXY: '127.0.0.1',
          METRICS_PORT: '0',
          AZURE_CACHE_SECONDS: '30',
          ...env,
          HOT_PATH: hotPath,
        },
      }),
    );
  const gateways = { hot: await startOne('on'), ordinary: await startOne('off') };
  const portOf = (way: Way) => Number(new URL(gateways[way].url).port);
  const ids: Record<Way, string[]> = { hot: [], ordinary: [] };
  const disposing = opened.move();
  let asked = 0;

  async function askOne(way: Way, id: string, make: (sent: Sent) => Exchange): Promise<WireAnswer[]> {
    const answers = await exchange(portOf(way), make({ way, id }));
    return answers.map((answer) => {
      const [told = id] = answer.headers['x-request-id'] ?? [];
      ids[way].push(told);
      return comparable(answer, told === id ? [] : [told]);
    });
  }

  return {
    gateways,
    portOf,
    store,
    clock,
    async person(data) {
      const [hot, ordinary] = await Promise.all([
        cookieWith(gateways.hot, data),
        cookieWith(gateways.hot, data),
      ]);
      return { hot, ordinary };
    },
    async ask(make) {
      const id = `asked-${++asked}`;
      const [hot, ordinary] = await Promise.all(ways.map((way) => askOne(way, id, make)));
      return { hot: hot ?? [], ordinary: ordinary ?? [] };
    },
    hotRequests: () => hotRequestsOf(gateways.hot),
    logs: () => ({ hot: logOf(gateways.hot, ids.hot), ordinary: logOf(gateways.ordinary, ids.ordinary) }),
    [Symbol.asyncDispose]: () => disposing.disposeAsync(),
  };
}

/** Both have logged the same of all that was asked, in so many lines or more. */
export async function expectSameLogs(pair: Pair, { least }: { least: number }): Promise<void> {
  const areEven = () => pair.logs().hot.length === pair.logs().ordinary.length;
  await expect.poll(areEven, { timeout: 5_000, interval: 200 }).toBe(true); // the last ones are over, too
  const { hot, ordinary } = pair.logs();
  expect(ordinary.length).toBeGreaterThanOrEqual(least);
  expect(hot).toEqual(ordinary);
}

/** Whatever is counted of requests, operations, errors and calls to clouds: neither way counts or asks more. */
const counted = /^mcm_(http|legacy|errors|graphql|upstream)_\w+_(total|count)/;

/** Both have measured the same: as many requests of each kind, and as many questions to the clouds. */
export async function expectSameMetrics({ gateways }: Pair): Promise<void> {
  const [hot, ordinary] = await Promise.all(
    ways.map(async (way) => {
      const { series, value } = await scrape(gateways[way]);
      return series
        .filter((name) => counted.test(name))
        .map((name) => `${name} ${value(name)}`)
        .sort();
    }),
  );
  expect(ordinary?.length).toBeGreaterThan(5);
  expect(hot).toEqual(ordinary);
}

/** The Cookie header of a new session. */
export async function cookieWith(gateway: TestGateway, data: GatewaySession): Promise<string> {
  const browser = await gateway.browserWith(data);
  return `mcm_session=${await browser.cookie('mcm_session')}`;
}

/** How many requests the hot path of a gateway has answered. */
export async function hotRequestsOf(gateway: TestGateway): Promise<number> {
  const { value } = await scrape(gateway);
  const of = (route: string) => value(`mcm_hot_path_requests_total{route="${route}"}`) ?? 0;
  return of('/graphql') + of('/api/user') + of('/api/accounts');
}

/** Asks a gateway as a page does: its GraphQL with a body, or another path. */
export async function askGateway(
  { url }: TestGateway,
  options: { cookie?: string | undefined; body?: object; path?: string },
) {
  const { cookie, body, path = '/graphql' } = options;
  const answer = await fetch(`${url}${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { ...(body && { 'content-type': 'application/json' }), ...(cookie !== undefined && { cookie }) },
  });
  const json = (await answer.json()) as GraphqlAnswer;
  return { status: answer.status, headers: answer.headers, json };
}

/** A request for `POST /graphql` as a page sends it; `body` is sent as it is when it is a text. */
export function graphqlPost(
  { id }: Sent,
  options: { cookie?: string | undefined; body: unknown; headers?: readonly (readonly [string, string])[] },
): string {
  const { cookie, body, headers = [] } = options;
  return requestText({
    method: 'POST',
    target: '/graphql',
    headers: [
      ['Host', 'localhost'],
      ['Content-Type', 'application/json'],
      ['X-Request-Id', id],
      ...(cookie === undefined ? [] : [['Cookie', cookie] as const]),
      ...headers,
    ],
    body: typeof body === 'string' ? body : utf8(JSON.stringify(body)),
  });
}

/** An answer without what may differ: when it was made, when limits end, ports, ids that the gateway made up. */
function comparable({ status, headers, body }: WireAnswer, madeUp: readonly string[]): WireAnswer {
  const { date: _, ...kept } = headers;
  const same = (text: string) => alike(text, madeUp);
  const named = Object.entries(kept).map(([name, values]): [string, string[]] => [name, values.map(same)]);
  return {
    status,
    headers: Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1))),
    body: same(body),
  };
}

function alike(text: string, madeUp: readonly string[]): string {
  const withoutIds = madeUp.reduce((left, id) => left.replaceAll(id, '<id>'), text);
  return withoutIds.replace(/(localhost|127\.0\.0\.1):\d{4,5}/g, '$1:<port>').replace(/;t=\d+/g, ';t=<t>');
}

/** The lines on requests, in the order of their ids: those of one request in their own. */
function logOf(gateway: TestGateway, ids: readonly string[]): unknown[] {
  const place = new Map([...new Set(ids)].map((id, at) => [id, at]));
  const lines = gateway.log.entries().flatMap((entry) => {
    const at = place.get(String(entry.requestId));
    return at === undefined ? [] : [{ at, ...withoutTimes(entry) }];
  });
  return lines.sort((a, b) => a.at - b.at);
}

function withoutTimes({ time: _t, milliseconds: _m, requestId, err, ...kept }: Record<string, unknown>) {
  const { message, code } = (err ?? {}) as { message?: unknown; code?: unknown };
  return { ...kept, ...(err === undefined ? {} : { err: alike(`${code} ${message}`, [String(requestId)]) }) };
}
