import { expect, test } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type RedisProcess, startRedis, until } from '../support/redis-process.ts';
import { startGateway } from '../support/start-gateway.ts';
import {
  type Answer,
  answerMillis,
  ask,
  isJohn,
  outageOf,
  sessionSecrets,
  unavailable,
  untilGood,
} from './answers.ts';

const password = 'canary-of-the-redis-password';
const john = '12345678-1234-1234-1234-123456789012';

type Servers = { redis: RedisProcess; proxy: FaultProxy };
type Outage = {
  begin(servers: Servers): unknown;
  end(servers: Servers): unknown;
  /** What was a primary may be read for up to a second. */
  mayBeRead?: true;
};

const outages: Record<string, Outage> = {
  'Redis is stopped': { begin: ({ redis }) => redis.stop(), end: ({ redis }) => redis.resume() },
  'Redis is killed': { begin: ({ redis }) => redis.kill(), end: ({ redis }) => redis.restart() },
  'connections are cut': { begin: ({ proxy }) => proxy.cut(), end: ({ proxy }) => proxy.heal() },
  'the network is silent': { begin: ({ proxy }) => proxy.silence(), end: ({ proxy }) => proxy.heal() },
  'the network is slow': { begin: ({ proxy }) => proxy.slow(5_000), end: ({ proxy }) => proxy.heal() },
  'Redis is demoted': {
    begin: ({ redis }) => redis.command('REPLICAOF', '127.0.0.1', '1'),
    end: ({ redis }) => redis.command('REPLICAOF', 'NO', 'ONE'),
    mayBeRead: true,
  },
};

const reads = ['me', 'accounts', 'user', 'REST accounts'] as const;

/** Everything that needs the store, all asked at once. */
async function askAll(signedIn: Browser, fresh: Browser, returning: Browser, callback: string) {
  const [me, accounts, user, restAccounts, start, finish, logout] = await Promise.all([
    ask(signedIn, '/graphql', '{ me { loggedIn } }'),
    ask(signedIn, '/graphql', '{ accounts { __typename } }'),
    ask(signedIn, '/api/user'),
    ask(signedIn, '/api/accounts'),
    ask(fresh, '/api/login/azure'),
    ask(returning, callback),
    ask(signedIn, '/api/logout'),
  ]);
  return { me, accounts, user, 'REST accounts': restAccounts, start, finish, logout };
}

function expectOutage(answers: Record<string, Answer>, mayBeRead: boolean): void {
  const expected = Object.keys(answers).map((name) => [
    name,
    unavailable(name === 'logout' ? 'LOGOUT_INCOMPLETE' : 'SESSION_STORE_UNAVAILABLE'),
  ]);
  const isRead = (name: string, { status }: Answer) =>
    mayBeRead && status === 200 && reads.some((read) => read === name);
  const got = Object.entries(answers).map(([name, answer], at) =>
    isRead(name, answer) ? expected[at] : [name, outageOf(answer)],
  );
  expect(got).toEqual(expected);
  for (const [name, { milliseconds }] of Object.entries(answers))
    expect(milliseconds, name).toBeLessThan(answerMillis);
}

test.each(Object.entries(outages))(
  'while %s, nobody is signed out, and nobody is after it',
  async (_, outage) => {
    await using redis = await startRedis({ settings: { requirepass: password } });
    await using proxy = await startFaultProxy(redis.port);
    const env = { SESSION_STORE: `redis://:${password}@127.0.0.1:${proxy.port}` };
    await using gateway = await startGateway({ env });
    const [signedIn, fresh, returning] = [gateway.browser(), gateway.browser(), gateway.browser()];
    const others = Array.from({ length: 20 }, () => gateway.browser());
    const landings = await Promise.all([signedIn, ...others].map((browser) => browser.signIn('john')));
    expect(new Set(landings.map(({ status }) => status))).toEqual(new Set([302]));
    const callback = await returning.authorize('john');
    const cookies = await sessionSecrets(signedIn);
    const linesBefore = gateway.log.entries().length;

    await outage.begin({ redis, proxy });
    try {
      const [first, readyz] = await Promise.all([
        askAll(signedIn, fresh, returning, callback),
        ask(fresh, '/readyz'),
      ]);
      expectOutage(first, outage.mayBeRead ?? false);
      expect(readyz.status).toBe(503);
      if (outage.mayBeRead) await until(async () => !isJohn(await ask(signedIn, '/api/user')), 'no reads');

      expectOutage(await askAll(signedIn, fresh, returning, callback), false);
      const mutation = await ask(signedIn, '/graphql', 'mutation { logout { message } }');
      expect(outageOf(mutation)).toEqual(unavailable('SESSION_STORE_UNAVAILABLE'));
      expect(await ask(fresh, '/healthz')).toMatchObject({ status: 200 });
      expect(await ask(fresh, '/readyz')).toMatchObject({ status: 503 });
      expect(await fresh.graphql('{ me { loggedIn } }')).toEqual({ data: { me: { loggedIn: false } } });
      expect(await sessionSecrets(signedIn)).toEqual(cookies);
    } finally {
      await outage.end({ redis, proxy });
    }

    await untilGood(() => ask(signedIn, '/api/user'), isJohn);
    expect(await ask(fresh, '/readyz')).toMatchObject({ status: 200 });
    for (const browser of [signedIn, ...others]) {
      expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
      expect(await browser.json('/api/accounts')).toMatchObject([{ provider: 'azure', tenantId: john }]);
    }
    expect(await ask(returning, callback)).toMatchObject({ status: 302 });
    expect(await ask(returning, '/api/user')).toSatisfy(isJohn);
    expect(await ask(signedIn, '/api/logout')).toMatchObject({ status: 200 });

    const messages = gateway.log
      .entries()
      .slice(linesBefore)
      .map(({ msg }) => msg);
    expect(messages.filter((message) => String(message).startsWith('The session store'))).toEqual([
      'The session store does not answer',
      'The session store answers again',
    ]);
    const secrets = (await Promise.all([signedIn, returning, ...others].map(sessionSecrets))).flat();
    expect(
      [password, ...cookies, ...secrets].filter(
        (secret) => secret !== 'none' && gateway.log.text().includes(secret),
      ),
    ).toEqual([]);
  },
);

test('a demoted Redis is read for a second at most, by reads alone', async () => {
  await using redis = await startRedis();
  await using gateway = await startGateway({ env: { SESSION_STORE: redis.url } });
  const browser = gateway.browser();
  await browser.signIn('john');
  await redis.command('REPLICAOF', '127.0.0.1', '1');
  const demotedAt = performance.now();
  await until(async () => !isJohn(await ask(browser, '/api/user')), 'no reads');
  expect(performance.now() - demotedAt).toBeLessThan(1_000);
});

test('while Redis takes no writes, sessions are read, and sign-ins and sign-outs say that they failed', async () => {
  await using redis = await startRedis();
  await using gateway = await startGateway({ env: { SESSION_STORE: redis.url } });
  const [browser, fresh, returning] = [gateway.browser(), gateway.browser(), gateway.browser()];
  await browser.signIn('john');
  const callback = await returning.authorize('john');
  const cookies = await sessionSecrets(browser);

  await redis.command('CONFIG', 'SET', 'min-replicas-to-write', '1');
  const unavailableStore = unavailable('SESSION_STORE_UNAVAILABLE');
  expect(outageOf(await ask(fresh, '/api/login/azure'))).toEqual(unavailableStore);
  expect(outageOf(await ask(returning, callback))).toEqual(unavailableStore);
  expect(outageOf(await ask(browser, '/api/logout'))).toEqual(unavailable('LOGOUT_INCOMPLETE'));
  const mutation = await ask(browser, '/graphql', 'mutation { logout { message } }');
  expect(mutation).toMatchObject({ code: 'LOGOUT_INCOMPLETE', setCookies: [] });
  expect(await ask(browser, '/api/user')).toSatisfy(isJohn);
  expect(await sessionSecrets(browser)).toEqual(cookies);

  await redis.command('CONFIG', 'SET', 'min-replicas-to-write', '0');
  expect(await ask(returning, callback)).toMatchObject({ status: 302 });
  expect(await ask(browser, '/api/logout')).toMatchObject({ status: 200 });
});

test('a sign-in that comes back to a Redis that does not take its session sets no session cookie', async () => {
  await using redis = await startRedis();
  await using gateway = await startGateway({ env: { SESSION_STORE: redis.url } });
  const browser = gateway.browser();
  const callback = await browser.authorize('john');
  await redis.command('ACL', 'SETUSER', 'default', 'resetkeys', '~mcm:sign-in:*');
  expect(outageOf(await ask(browser, callback))).toEqual(unavailable('SESSION_STORE_UNAVAILABLE'));
  await redis.command('ACL', 'SETUSER', 'default', 'allkeys');
  expect(await browser.json('/api/user')).toEqual({ logged_in: false });
});
