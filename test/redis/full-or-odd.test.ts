import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SessionStore } from '../../src/session/session-store.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { type RedisProcess, startRedis } from '../support/redis-process.ts';
import { openStoreAt } from './open-store.ts';
import { startReplica } from './replicas.ts';

const end = Date.now() + 3_600_000;
const value = randomBytes(2_000);
let redis: RedisProcess;
let store: SessionStore;
beforeAll(async () => {
  redis = await startRedis();
  store = await openStoreAt(redis.url);
});
beforeEach(() => redis.command('FLUSHALL'));
afterAll(async () => {
  await store?.close();
  await redis?.[Symbol.asyncDispose]();
});

describe('a Redis without memory', () => {
  beforeEach(async () => {
    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    await store.create('session:a', value, end);
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
  });
  afterAll(() => redis.command('CONFIG', 'SET', 'maxmemory', '0'));

  it('takes no new record, and no change of one', async () => {
    await expect(store.create('session:b', value, end)).rejects.toThrow('OOM');
    await expect(store.compareAndSet('session:a', 1, value)).rejects.toThrow('OOM');
    expect(await store.get('session:a')).toMatchObject({ version: 1, expiresAt: end });
    expect(await store.get('session:b')).toBeUndefined();
  });

  it('goes on reading, extending and deleting', async () => {
    expect(await store.extend('session:a', end + 1000)).toBe(true);
    expect((await store.get('session:a'))?.expiresAt).toBe(end + 1000);
    expect(await store.destroy('session:a')).toBe(true);
    expect(await store.destroy('session:a')).toBe(false);
    await store.ping();
  });
});

it.each([
  ['no number for its end', ['HSET', 'mcm:session:a', 'value', 'x', 'version', '1', 'expiresAt', 'abc']],
  ['an empty end', ['HSET', 'mcm:session:a', 'value', 'x', 'version', '1', 'expiresAt', '']],
  ['no version', ['HSET', 'mcm:session:a', 'value', 'x', 'expiresAt', String(end)]],
  ['another type', ['SET', 'mcm:session:a', 'x']],
])('a record with %s is a fault of the store, not nobody', async (_what, command) => {
  await redis.command(...command);
  await expect(store.get('session:a')).rejects.toThrow();
});

it('many changes at once are confirmed together', async () => {
  await using _replica = await startReplica(redis);
  const log = createMemoryLog();
  const waiting = await openStoreAt(redis.url, { waitReplicas: 1, log: log.log });
  try {
    const made = Array.from({ length: 1000 }, (_, at) => waiting.create(`session:${at}`, value, end));
    expect(new Set(await Promise.all(made))).toEqual(new Set([true]));
    expect(log.entries()).toEqual([]);
    const first = await waiting.compareAndSet('session:1', 1, value);
    const late = await waiting.compareAndSet('session:1', 1, value);
    expect([first, late]).toEqual([true, false]);
  } finally {
    await waiting.close();
  }
});
