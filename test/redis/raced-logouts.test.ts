import { expect, test } from 'vitest';
import { storeLocation } from '../../src/config-store.ts';
import { openRedisSessionStore } from '../../src/session/redis-session-store.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { leastOf, raceLogouts } from '../support/raced-logouts.ts';
import { startRedis } from '../support/redis-process.ts';

test('a logout wins over whatever is in flight, 500 times, and leaves nothing in Redis', async () => {
  await using redis = await startRedis();
  const location = storeLocation(redis.url);
  if (location.kind === 'lmdb') throw new Error('not Redis');
  const openStore = () => openRedisSessionStore({ location, waitReplicas: 0, log: createMemoryLog().log });
  const outcomes = await raceLogouts({ rounds: 500, openStore });
  expect(leastOf(outcomes)).toBeGreaterThan(5);
  expect(await redis.command('KEYS', 'mcm:session:*')).toBe('');
  expect(await redis.command('KEYS', 'mcm:lease:*')).toBe('');
});
