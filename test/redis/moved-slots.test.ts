import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { until } from '../support/redis-process.ts';
import { openStoreAt } from './open-store.ts';

const end = Date.now() + 3_600_000;

test.each([0, 1])(
  'slots of a cluster that have moved are followed, with %i replicas to wait for',
  async (waitReplicas) => {
    await using cluster = await startRedisCluster({ replicas: 1 });
    const store = await openStoreAt(cluster.url, { waitReplicas });
    const write = () => store.create(`session:${randomUUID()}`, Buffer.from('one'), end).catch(() => false);
    const allWrite = async () => (await Promise.all(Array.from({ length: 40 }, write))).every(Boolean);
    try {
      await until(allWrite, 'all parts to take changes');
      for (const node of cluster.nodes.slice(3)) await node.command('CLUSTER', 'FAILOVER');
      const isPrimary = async (index: number) =>
        (await cluster.nodes[index]?.command('ROLE'))?.startsWith('master') ?? false;
      await until(async () => (await Promise.all([3, 4, 5].map(isPrimary))).every(Boolean), 'new primaries');
      await until(allWrite, 'all parts to take changes again');
      expect(await allWrite()).toBe(true);
    } finally {
      await store.close();
    }
  },
);
