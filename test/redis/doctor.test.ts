import { expect, test } from 'vitest';
import { reportOf, useDoctorWorld } from '../process/doctor-world.ts';
import { startRedis } from '../support/redis-process.ts';

const world = useDoctorWorld();
const store = async (changes: Record<string, string>) => {
  const { code, stdout } = await world.examine(changes);
  return { code, report: reportOf(stdout, 'Session store') };
};

test('a Redis that is right is one, and keeps nothing of the doctor', async () => {
  await using redis = await startRedis();
  const { code, report } = await store({ SESSION_STORE: redis.url });
  expect(code, report).toBe(0);
  expect(report).toMatch(/^ {2}ok +Session store: Redis \d[\d.]* at 127\.0\.0\.1:\d+$/);
  expect(await redis.command('DBSIZE')).toBe('0');
});

test('one that throws records away when it is full is a warning', async () => {
  await using redis = await startRedis({ settings: { 'maxmemory-policy': 'allkeys-lru' } });
  const { code, report } = await store({ SESSION_STORE: redis.url });
  expect(code, report).toBe(0);
  expect(report).toMatch(/maxmemory-policy allkeys-lru.*\n +Mend: .*noeviction/);
});

test('a password that is wrong, and one that is missing, are told, and not shown', async () => {
  await using redis = await startRedis({ settings: { requirepass: 'right' } });
  const wrong = await store({ SESSION_STORE: `redis://:canary@127.0.0.1:${redis.port}` });
  expect(wrong.code).toBe(1);
  expect(wrong.report).toMatch(/refuses user and password\n +Mend: check user and password in SESSION_STORE/);
  const missing = await store({ SESSION_STORE: redis.url });
  expect(missing.code).toBe(1);
  expect(missing.report).toContain('wants a password');
});

test('a replica, and fewer replicas than have to hold a write, are faults', async () => {
  await using primary = await startRedis();
  const few = await store({ SESSION_STORE: primary.url, REDIS_WAIT_REPLICAS: '2' });
  expect(few.code).toBe(1);
  expect(few.report).toMatch(/the primary has 0 replicas.*\n +Mend: connect the replicas/);

  await using replica = await startRedis({ replicaOf: primary });
  const enough = await store({ SESSION_STORE: primary.url, REDIS_WAIT_REPLICAS: '1' });
  expect(enough.code, enough.report).toBe(0);
  const onReplica = await store({ SESSION_STORE: replica.url });
  expect(onReplica.code).toBe(1);
  expect(onReplica.report).toMatch(/is a replica, which takes no writes\n +Mend: name the primary/);
});

test('rediss:// to a server without TLS names the scheme', async () => {
  await using redis = await startRedis();
  const { code, report } = await store({ SESSION_STORE: `rediss://127.0.0.1:${redis.port}` });
  expect(code).toBe(1);
  expect(report).toMatch(/Mend: (use redis:\/\/ in SESSION_STORE|.*that TLS is on there)/);
});
