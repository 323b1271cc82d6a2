import { expect, it } from 'vitest';
import { createMetrics } from '../../src/ops/metrics.ts';
import { timedStore } from '../../src/ops/session-metrics.ts';
import { openSessionStore } from '../../src/session/session-store.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const openStore = (path: string) =>
  openSessionStore(
    { sessionStore: { kind: 'lmdb', path }, redisWaitReplicas: 0 },
    { log: createMemoryLog().log },
  );

it('a store answers as it would, and its calls are timed by how they ended', async () => {
  using folder = createTemporaryFolder();
  const metrics = createMetrics();
  const store = timedStore(await openStore(folder.path), metrics);
  expect(await store.create('a', Buffer.from('value'), Date.now() + 60_000)).toBe(true);
  expect(await store.get('a')).toMatchObject({ value: Buffer.from('value') });
  await store.close();
  await expect(store.create('b', Buffer.from('value'), Date.now() + 60_000)).rejects.toThrow();

  const text = await metrics.text();
  const calls = (operation: string, outcome: string) =>
    `mcm_session_store_duration_seconds_count{operation="${operation}",outcome="${outcome}"} 1`;
  expect(text).toContain(calls('create', 'ok'));
  expect(text).toContain(calls('get', 'ok'));
  expect(text).toContain(calls('create', 'failed'));
});

it('what only some stores can is there with those alone', async () => {
  using folder = createTemporaryFolder();
  const metrics = createMetrics();
  const store = await openStore(folder.path);
  const counting = { ...store, count: async () => ({ count: 7, endsInMillis: 1000 }) };
  expect(timedStore(store, metrics).count).toBeUndefined();
  expect(await timedStore(counting, metrics).count?.('key', 1000)).toEqual({ count: 7, endsInMillis: 1000 });
  expect(await metrics.text()).toContain(
    'mcm_session_store_duration_seconds_count{operation="count",outcome="ok"} 1',
  );
  await store.close();
});
