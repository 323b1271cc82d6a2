import { afterAll, beforeAll, describe } from 'vitest';
import { storeLocation } from '../../src/config-store.ts';
import { openRedisSessionStore } from '../../src/session/redis-session-store.ts';
import { describeSessionModel } from '../contract/session-model-suite.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedis } from '../support/redis-process.ts';
import { startSentinelGroup } from '../support/redis-sentinel.ts';

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

  describeSessionModel(name, (now) => {
    const location = storeLocation(servers.url);
    if (location.kind === 'lmdb') throw new Error('not Redis');
    return openRedisSessionStore({ location, waitReplicas: 0, log: createMemoryLog().log, now });
  });
});
