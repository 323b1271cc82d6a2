import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readOnlySession } from '../../src/session/read-only-session.ts';
import { createSessionRecords } from '../../src/session/session-records.ts';
import { scrape } from '../ops/scrape.ts';
import { standardRole } from '../support/connect-role.ts';
import { testSealing } from '../support/sealing.ts';
import { sessionId } from '../support/session-cookie.ts';
import { exchange } from './exchange.ts';
import { askGateway, cookieWith, graphqlPost, type Pair, startPair } from './pair.ts';
import { ada, slow } from './people.ts';

const minuteMillis = 60_000;
const question =
  'query Session { me { loggedIn name sessionExpiresAt } accounts { ... on ConnectedAccount { id } } }';
const nobody = { me: { loggedIn: false, name: null, sessionExpiresAt: null }, accounts: [] };
const ofAda = { me: { loggedIn: true, name: 'Ada Lovelace' } };

let pair: Pair;
beforeAll(async () => {
  pair = await startPair({ RATE_LIMIT: 'off' });
  await ask(undefined); // from now on it is admitted
});
afterAll(() => pair[Symbol.asyncDispose]());

const ask = async (cookie: string | undefined, query = question) =>
  askGateway(pair.gateways.hot, { cookie, body: { query } });
const dataOf = async (cookie: string | undefined, query?: string) => (await ask(cookie, query)).json.data;
/** A change that another process makes to the same session. */
const changeElsewhere = (cookie: string, query: string) =>
  askGateway(pair.gateways.ordinary, { cookie, body: { query } });

let cookie: string;
let hotBefore: number;
beforeEach(async () => {
  cookie = await cookieWith(pair.gateways.hot, ada);
  hotBefore = await pair.hotRequests();
});
const expectHot = async (times: number) => expect((await pair.hotRequests()) - hotBefore).toBe(times);

describe('a hot request is that of nobody', () => {
  it('when its cookie is not one that the gateway has signed', async () => {
    expect(await dataOf(cookie)).toMatchObject(ofAda);
    const end = cookie.length - 1;
    for (const at of [20, 30, end - 30, end - 1]) {
      const other = cookie[at] === 'A' ? 'B' : 'A';
      expect(await dataOf(cookie.slice(0, at) + other + cookie.slice(at + 1))).toEqual(nobody);
    }
    expect(await dataOf(cookie.slice(0, cookie.lastIndexOf('.')))).toEqual(nobody);
    expect(await dataOf(cookie)).toMatchObject(ofAda);
  });

  it('as soon as the session was signed out, wherever that was', async () => {
    expect(await dataOf(cookie)).toMatchObject(ofAda);
    await changeElsewhere(cookie, 'mutation { logout { message } }');
    expect(await dataOf(cookie)).toEqual(nobody);
    await expectHot(2);
  });

  it('after an hour without a request', async () => {
    expect(await dataOf(cookie)).toMatchObject(ofAda);
    pair.clock.now += 59 * minuteMillis;
    const { me } = (await dataOf(cookie)) as { me: { sessionExpiresAt: string } };
    expect(Date.parse(me.sessionExpiresAt)).toBe(pair.clock.now + 60 * minuteMillis); // it was used
    pair.clock.now += 61 * minuteMillis;
    expect(await dataOf(cookie)).toEqual(nobody);
    await expectHot(3);
  });

  it('twelve hours after the sign-in, though it was used all the time', async () => {
    for (let minutes = 0; minutes < 12 * 60; minutes += 40) {
      expect(await dataOf(cookie)).toMatchObject(ofAda);
      pair.clock.now += 40 * minuteMillis;
    }
    expect(await dataOf(cookie)).toEqual(nobody);
    await expectHot((12 * 60) / 40 + 1);
  });
});

describe('a hot request sees its session as it is now', () => {
  it('when another process has changed it', async () => {
    const ids = async () =>
      ((await dataOf(cookie)) as { accounts: { id: string }[] }).accounts.map(({ id }) => id);
    const all = await ids();
    const role = `aws:${standardRole}`;
    expect(all).toContain(role);
    await changeElsewhere(cookie, `mutation { disconnectAccount(id: "${role}") { id } }`);
    expect(await ids()).toEqual(all.filter((id) => id !== role));
    const connect = `mutation { connectAwsAccount(roleArn: "${standardRole}") { account { id } } }`;
    expect((await changeElsewhere(cookie, connect)).json.errors).toBeUndefined();
    expect((await ids()).toSorted()).toEqual(all.toSorted());
    await expectHot(3);
  });

  it('and not that of another, however many are asked for at once', async () => {
    const query = '{ me { name email } accounts { ... on GcpAccount { id accessToken } } }';
    const cookies = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        cookieWith(pair.gateways.hot, {
          user: { name: `person ${at}`, email: `${at}@example.com` },
          accounts: [{ provider: 'gcp', email: `${at}@example.com`, access_token: `token ${at}` }],
        }),
      ),
    );
    await ask(undefined, query);
    const asking = cookies.flatMap((own, at) =>
      Array.from({ length: 20 }, async () => {
        expect(await dataOf(own, query)).toEqual({
          me: { name: `person ${at}`, email: `${at}@example.com` },
          accounts: [{ id: `gcp:${at}@example.com`, accessToken: `token ${at}` }],
        });
      }),
    );
    await Promise.all(asking);
    await expectHot(50 * 20);
  });

  it('its tokens refreshed when that is due, once for all who ask', async () => {
    const { hot } = pair.gateways;
    const browser = hot.browser();
    await browser.signIn('john', '/api/login/google');
    const own = `mcm_session=${await browser.cookie('mcm_session')}`;
    const tokens = '{ accounts { ... on GcpAccount { accessToken refreshToken } } }';
    await ask(undefined, tokens);
    const before = await dataOf(own, tokens);
    expect(await dataOf(own, tokens)).toEqual(before);
    pair.clock.now += 57 * minuteMillis;
    hot.sandbox.calls.reset();
    const [first, ...more] = await Promise.all(Array.from({ length: 10 }, () => dataOf(own, tokens)));
    expect(first).not.toEqual(before);
    expect(more).toEqual(Array(9).fill(first));
    expect(hot.sandbox.calls.count('google.token.refresh_token')).toBe(1);
    await expectHot(12);
  });
});

it('what a hot request and all others of a session are given of it, nobody can change', async () => {
  const { store, clock } = pair;
  const limits = { idleMinutes: 60, absoluteHours: 12 };
  const records = createSessionRecords({ store, sealing: testSealing, limits, now: () => clock.now });
  const sid = sessionId(cookie.slice(cookie.indexOf('=') + 1));
  const record = await records.load(sid);
  const { data, ...more } = readOnlySession(record);
  expect(data()).toEqual(ada);
  const account = data().accounts?.[0];
  expect(() => Object.assign(data(), { user: {} })).toThrow(TypeError);
  expect(() => Object.assign(data().user ?? {}, { name: 'Eve' })).toThrow(TypeError);
  expect(() => Object.assign(data().accounts ?? [], [{}])).toThrow(TypeError);
  expect(() => Object.assign(account ?? {}, { displayName: 'Eve' })).toThrow(TypeError);
  expect((await records.load(sid))?.data).toBe(data()); // which is why
  for (const change of [more.start({}), more.update(() => ({})), more.end()])
    await expect(change).rejects.toThrow('may only read');
  expect(await dataOf(cookie)).toMatchObject(ofAda);
});

it('a list that is stale is marked as one, as it is elsewhere', async () => {
  const listing = { query: '{ azureSubscriptions { id asOf } }' };
  const person = await pair.person(ada);
  const askBoth = async () => {
    const { hot, ordinary } = await pair.ask((sent) => ({
      pieces: [graphqlPost(sent, { cookie: person[sent.way], body: listing })],
    }));
    expect(hot).toEqual(ordinary);
    return JSON.parse(ordinary[0]?.body ?? '');
  };
  await askBoth();
  expect(await askBoth()).not.toHaveProperty('extensions');
  pair.clock.now += 31_000;
  const sandboxes = Object.values(pair.gateways).map(({ sandbox }) => sandbox);
  for (const { faults } of sandboxes) faults.set('arm.subscriptions', { status: 500 });
  for (let time = 0; time < 2; time++)
    expect(await askBoth()).toMatchObject({
      extensions: { azure: { stale: [{ code: 'AZURE_UNAVAILABLE' }] } },
    });
  for (const { faults } of sandboxes) faults.clear();
  await expectHot(3);
});

describe('while the store does not answer', () => {
  it.each(['/graphql', '/api/user'])(
    'a hot request for %s is refused, keeps its cookie, and recovers',
    async (path) => {
      const request = () =>
        path === '/graphql' ? ask(cookie) : askGateway(pair.gateways.hot, { cookie, path });
      const before = await request();
      expect(before.status).toBe(200);
      const working = pair.store.get;
      let asked = 0;
      pair.store.get = () => {
        asked++;
        return Promise.reject(new Error('gone'));
      };
      const refused = await request();
      pair.store.get = working;
      expect(refused.status).toBe(503);
      expect(asked).toBe(1); // also where it takes long to fail
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(refused.headers.getSetCookie()).toEqual([]);
      expect(JSON.stringify(refused.json)).toContain('SESSION_STORE_UNAVAILABLE');
      expect((await request()).json).toEqual(before.json);
      await expectHot(2);
    },
  );
});

describe('a hot request is told of', () => {
  it('in the log, as any other', async () => {
    const { headers } = await ask(cookie);
    const requestId = headers.get('x-request-id');
    const lines = () => pair.gateways.hot.log.entries().filter((line) => line.requestId === requestId);
    await expect.poll(lines).toHaveLength(1);
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.anything(),
        requestId,
        method: 'POST',
        path: '/graphql',
        status: 200,
        milliseconds: expect.any(Number),
        operation: 'other', // no operation of a manifest
        msg: 'request',
      },
    ]);
  });

  it('as one that was left, once, when its client goes away', async () => {
    const listing = '{ azureSubscriptions(refresh: true) { id } }';
    await ask(cookie, listing);
    const { hot } = pair.gateways;
    hot.sandbox.calls.reset();
    const left = await cookieWith(hot, slow);
    const id = 'left-by-its-client';
    const request = graphqlPost({ way: 'hot', id }, { cookie: left, body: { query: listing } });
    await exchange(pair.portOf('hot'), {
      pieces: [request],
      leaves: () =>
        expect.poll(() => hot.sandbox.calls.count('arm.subscriptions'), { timeout: 10_000 }).toBe(1),
    });
    const lines = () =>
      hot.log.entries().filter(({ requestId, msg }) => requestId === id && msg === 'request');
    await expect.poll(lines).toMatchObject([{ aborted: true, path: '/graphql', method: 'POST' }]);
    expect(lines()[0]).not.toHaveProperty('status');
    // The tenant would take five seconds; nobody waits for it any more.
    const ended =
      'mcm_upstream_duration_seconds_count{cloud="azure",operation="list subscriptions",outcome="BAD_REQUEST"}';
    await expect.poll(async () => (await scrape(hot)).value(ended), { timeout: 3_000 }).toBe(1);
    const aborted = 'mcm_http_requests_total{route="/graphql",method="POST",status="aborted"}';
    expect((await scrape(hot)).value(aborted)).toBe(1);
    expect(lines()).toHaveLength(1); // also a while later
  });
});
