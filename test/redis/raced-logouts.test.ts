import { expect, test } from 'vitest';
import { leastOf, raceLogouts } from '../support/raced-logouts.ts';
import { startRedis } from '../support/redis-process.ts';
import { openStoreAt } from './open-store.ts';

test('a logout wins over whatever is in flight, 500 times, and leaves nothing in Redis', async () => {
  await using redis = await startRedis();
  const openStore = () => openStoreAt(redis.url);
  const outcomes = await raceLogouts({ rounds: 500, openStore });
  expect(leastOf(outcomes)).toBeGreaterThan(5);
  expect(await redis.command('KEYS', 'mcm:session:*')).toBe('');
  expect(await redis.command('KEYS', 'mcm:lease:*')).toBe('');
});
