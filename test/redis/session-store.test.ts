import { afterAll, beforeAll, describe } from 'vitest';
import { describeSessionStore } from '../contract/session-store-suite.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedis } from '../support/redis-process.ts';
import { startSentinelGroup } from '../support/redis-sentinel.ts';
import { openStoreAt } from './open-store.ts';

type Servers = AsyncDisposable & { url: string };

const kinds: [name: string, start: () => Promise<Servers>, waitReplicas: number][] = [
  ['Redis', () => startRedis(), 0],
  ['Redis Sentinel', () => startSentinelGroup(), 0],
  ['Redis Sentinel, waiting for a replica', () => startSentinelGroup(), 1],
  ['Redis Cluster', () => startRedisCluster(), 0],
  ['Redis Cluster, waiting for a replica', () => startRedisCluster({ replicas: 1 }), 1],
];

describe.each(kinds)('%s', (name, start, waitReplicas) => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await start();
  });
  afterAll(() => servers?.[Symbol.asyncDispose]());

  describeSessionStore(name, (now) => openStoreAt(servers.url, { waitReplicas, now }));
});
