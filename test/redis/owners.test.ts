import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSessionRecords } from '../../src/session/session-records.ts';
import { startRedis } from '../support/redis-process.ts';
import { testSealing } from '../support/sealing.ts';
import { openStoreAt } from './open-store.ts';

test("a person's sessions are found, and ended, without opening one", async () => {
  await using redis = await startRedis();
  const store = await openStoreAt(redis.url);
  const limits = { idleMinutes: 60, absoluteHours: 12 };
  const records = createSessionRecords({ store, sealing: testSealing, limits });
  const ada = { iss: 'https://issuer.example', sub: 'ada' };
  const [phone, laptop, another] = [randomUUID(), randomUUID(), randomUUID()];
  await records.create(phone, { user: ada });
  await records.create(laptop, { user: { ...ada, name: 'Ada Lovelace' } });
  await records.create(another, { user: { ...ada, sub: 'mary' } });

  const keys = (await redis.command('KEYS', 'mcm:session:*')).trim().split('\n');
  const owners = await Promise.all(keys.map((key) => redis.command('HGET', key, 'owner')));
  const adas = keys.filter((_, at) => owners[at]?.trim() === testSealing.ownerOf(ada));
  expect([keys.length, adas.length]).toEqual([3, 2]);
  for (const key of adas) await store.destroy(key.replace(/^mcm:/, ''));
  expect(await records.load(phone)).toBeUndefined();
  expect(await records.load(laptop)).toBeUndefined();
  expect((await records.load(another))?.data.user).toMatchObject({ sub: 'mary' });
  await store.close();
});
