import { expect, test } from 'vitest';
import { returning } from '../process/returning.ts';
import { askOften } from '../support/ask-often.ts';
import type { Browser } from '../support/browser.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { type RedisProcess, startRedis } from '../support/redis-process.ts';
import { startGateway } from '../support/start-gateway.ts';
import { answerMillis, ask, isJohn, outageOf, sessionSecrets, unavailable, untilGood } from './answers.ts';
import { openStoreAt } from './open-store.ts';

const john = { user: { name: 'John Doe' } };
const limited = (url: string) => ({ env: { RATE_LIMIT: 'on', SESSION_STORE: url } });

const keysOf = async ({ command }: RedisProcess): Promise<string[]> =>
  (await command('KEYS', 'mcm:limit:*')).split('\n').filter(Boolean);

const leftToClient = async (browser: Browser): Promise<number> => {
  const answer = await browser.fetch('/console.json');
  return Number(/"client";r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]);
};

test('two gateways on one Redis share the count of a session, which goes on after its window', async () => {
  await using redis = await startRedis();
  await using first = await startGateway(limited(redis.url));
  await using second = await startGateway(limited(redis.url));
  const here = await first.browserWith(john);
  const there = await returning(here, second.url);
  expect(await askOften(here, '/api/user', 700)).toEqual({ 200: 700 });
  expect(await askOften(there, '/api/user', 600)).toEqual({ 200: 500, 429: 100 });
  for (const browser of [here, there])
    expect(await ask(browser, '/api/user')).toMatchObject({
      status: 429,
      code: 'RATE_LIMITED',
      retryAfter: expect.stringMatching(/^(60|[1-5]?\d)$/),
      setCookies: [],
    });

  const keys = await keysOf(redis);
  expect(keys).toHaveLength(2);
  for (const key of keys) {
    expect(Number(await redis.command('PTTL', key))).toBeGreaterThan(0);
    expect(Number(await redis.command('PTTL', key))).toBeLessThanOrEqual(60_000);
  }
  const [sid] = await sessionSecrets(here);
  for (const secret of [sid, '127.0.0.1', '::1']) expect(keys.join('\n')).not.toContain(secret);

  for (const key of keys) await redis.command('PEXPIRE', key, '1');
  await expect.poll(() => keysOf(redis)).toEqual([]);
  for (const browser of [here, there])
    expect(await browser.graphql('{ me { loggedIn name } }')).toEqual({
      data: { me: { loggedIn: true, name: 'John Doe' } },
    });
});

test('while Redis is silent, each gateway counts for itself, answers in time, and shares again after it', async () => {
  await using redis = await startRedis();
  await using proxy = await startFaultProxy(redis.port);
  await using gateway = await startGateway(limited(`redis://127.0.0.1:${proxy.port}`));
  const [signedIn, anonymous] = [await gateway.browserWith(john), gateway.browser()];
  expect(await ask(signedIn, '/api/user')).toSatisfy(isJohn);
  expect(await leftToClient(anonymous)).toBe(2998);

  proxy.silence();
  const answers = await Promise.all([
    ask(signedIn, '/api/user'),
    ask(signedIn, '/graphql', '{ me { loggedIn } }'),
    ask(anonymous, '/api/login/azure'),
  ]);
  for (const answer of answers) {
    expect(outageOf(answer)).toEqual(unavailable('SESSION_STORE_UNAVAILABLE'));
    expect(answer.milliseconds).toBeLessThan(answerMillis);
  }
  expect(await leftToClient(anonymous)).toBe(2996);
  expect(await askOften(anonymous, '/console.json', 3000)).toEqual({ 200: 2996, 429: 4 });
  expect(await ask(signedIn, '/api/user')).toMatchObject({ status: 429, code: 'RATE_LIMITED' });

  proxy.heal();
  await expect.poll(() => leftToClient(anonymous), { timeout: 10_000 }).toBeGreaterThan(2900);
  await untilGood(() => ask(signedIn, '/api/user'), isJohn);
  expect(gateway.log.text()).toContain('Rate limits are counted by each gateway for itself');
  expect(gateway.log.text()).toContain('Rate limits are shared again');
});

test('a killed Redis delays nobody, and anonymous requests are answered as before', async () => {
  await using redis = await startRedis();
  await using gateway = await startGateway(limited(redis.url));
  const [signedIn, anonymous] = [await gateway.browserWith(john), gateway.browser()];
  await redis.kill();
  expect(await askOften(anonymous, '/api/user', 200)).toEqual({ 200: 200 });
  const answer = await ask(signedIn, '/api/user');
  expect(outageOf(answer)).toEqual(unavailable('SESSION_STORE_UNAVAILABLE'));
  expect(answer.milliseconds).toBeLessThan(answerMillis);
});

test('a Redis that takes no writes is read as before, and the limits hold', async () => {
  await using redis = await startRedis();
  await using gateway = await startGateway(limited(redis.url));
  const browser = await gateway.browserWith(john);
  await redis.command('CONFIG', 'SET', 'min-replicas-to-write', '1');
  expect(await askOften(browser, '/api/user', 1300)).toEqual({ 200: 1200, 429: 100 });
});

test('a cluster counts each key in its part', async () => {
  await using cluster = await startRedisCluster();
  const store = await openStoreAt(cluster.url);
  const keys = Array.from({ length: 50 }, (_, at) => `limit:${at}`);
  const countAll = () => Promise.all(keys.map((key) => store.count?.(key, 60_000)));
  try {
    for (const count of [1, 2, 3]) {
      const counted = await countAll();
      expect(counted.map((one) => one?.count)).toEqual(keys.map(() => count));
      for (const one of counted)
        expect(one?.endsInMillis).toSatisfy((left) => left > 50_000 && left <= 60_000);
    }
    const perPart = await Promise.all(cluster.nodes.map(keysOf));
    expect(perPart.every(({ length }) => length > 0)).toBe(true);
    expect(perPart.flat()).toHaveLength(50);
  } finally {
    await store.close();
  }
});
