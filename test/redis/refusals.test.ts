import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryLog, type MemoryLog } from '../support/memory-log.ts';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import { type RedisProcess, startRedis } from '../support/redis-process.ts';
import { type SentinelGroup, startSentinelGroup } from '../support/redis-sentinel.ts';
import { openStoreAt } from './open-store.ts';

const refused = 'The session store refuses the gateway; check SESSION_STORE';

async function open(url: string): Promise<{ log: MemoryLog; store: AsyncDisposable & { ready: boolean } }> {
  const log = createMemoryLog();
  const store = await openStoreAt(url, { log: log.log });
  const ready = await store.ping().then(
    () => true,
    () => false,
  );
  return { log, store: { ready, [Symbol.asyncDispose]: () => store.close() } };
}

const said = (log: MemoryLog) =>
  log.entries().map(({ msg, err }) => ({ msg, why: (err as { message?: string } | undefined)?.message }));

describe('a Redis that refuses the gateway is not ready, and the log says why', () => {
  let redis: RedisProcess;
  let cluster: RedisCluster;
  let group: SentinelGroup;
  beforeAll(async () => {
    redis = await startRedis({ settings: { requirepass: 'canary-password' } });
    cluster = await startRedisCluster();
    group = await startSentinelGroup();
  });
  afterAll(async () => {
    for (const servers of [redis, cluster, group]) await servers?.[Symbol.asyncDispose]();
  });

  const urls: [what: string, url: () => string, why: RegExp][] = [
    ['without a password', () => redis.url, /NOAUTH/],
    ['with a wrong password', () => `redis://:canary-wrong@127.0.0.1:${redis.port}`, /WRONGPASS/],
    [
      'with a database that it does not have',
      () => `redis://:canary-password@127.0.0.1:${redis.port}/99`,
      /DB index/,
    ],
    ['that is a part of a Cluster', () => cluster.nodes[0]?.url ?? '', /use redis-cluster:/],
    [
      'that is no Cluster',
      () => `redis-cluster://:canary-password@127.0.0.1:${redis.port}`,
      /cluster support/,
    ],
    ['whose name the sentinels do not know', () => group.url.replace('/sessions', '/other'), /named other/],
  ];

  it.each(urls)('%s', async (_what, url, why) => {
    const { log, store } = await open(url());
    await using _closed = store;
    expect(store.ready).toBe(false);
    expect(said(log)).toEqual([{ msg: refused, why: expect.stringMatching(why) }]);
    expect(said(log)[0]?.why).toMatch(/127\.0\.0\.1:\d+: /);
    expect(log.text()).not.toContain('canary');
  });

  it('also when it did not answer at first', async () => {
    await redis.kill();
    const { log, store } = await open(redis.url);
    await using _closed = store;
    await redis.restart();
    await expect
      .poll(() => said(log).map(({ msg }) => msg))
      .toEqual(['The session store does not answer', refused]);
  });
});

it('what a server quotes of the password that it was sent is not in the log', async () => {
  await using redis = await startRedis({ settings: { 'rename-command': 'HELLO ""' } });
  const { log, store } = await open(`redis://user:canary-password@127.0.0.1:${redis.port}`);
  await using _closed = store;
  expect(said(log)).toEqual([{ msg: refused, why: expect.stringContaining('ERR unknown command') }]);
  expect(log.text()).not.toContain('canary');
});

it('a user with no more rights than the documentation names is enough', async () => {
  await using redis = await startRedis();
  await using replica = await startRedis({ replicaOf: redis });
  const rights = '~mcm:* +@read +@write +@scripting +@connection +role +wait +info'.split(' ');
  await redis.command('ACL', 'SETUSER', 'gateway', 'on', '>password', ...rights);
  const store = await openStoreAt(`redis://gateway:password@127.0.0.1:${redis.port}`, { waitReplicas: 1 });
  const end = Date.now() + 100_000;
  await expect.poll(() => store.create('session:a', Buffer.from('one'), end).catch(() => 'no')).toBe(true);
  expect(await store.compareAndSet('session:a', 1, Buffer.from('two'))).toBe(true);
  expect(await store.extend('session:a', end + 1)).toBe(true);
  expect((await store.get('session:a'))?.value.toString()).toBe('two');
  expect(await store.destroy('session:a')).toBe(true);
  await store.ping();
  await store.close();
  expect(replica.port).not.toBe(redis.port);
});
