import { afterAll, beforeAll, describe } from 'vitest';
import { describeSessionModel } from '../contract/session-model-suite.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedis } from '../support/redis-process.ts';
import { startSentinelGroup } from '../support/redis-sentinel.ts';
import { openStoreAt } from './open-store.ts';

type Servers = AsyncDisposable & { url: string };

const kinds: [name: string, start: () => Promise<Servers>][] = [
  ['Redis', () => startRedis()],
  ['Redis Sentinel', () => startSentinelGroup()],
  ['Redis Cluster', () => startRedisCluster()],
];

describe.each(kinds)('%s', (name, start) => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await start();
  });
  afterAll(() => servers?.[Symbol.asyncDispose]());

  describeSessionModel(name, (now) => openStoreAt(servers.url, { now }));
});
