import { createCluster } from '@redis/client';
import type { RedisLocation } from '../config-store.ts';
import { attempt, blobs, clientOptions, credentials, socketOptions } from './redis-client-options.ts';
import type { RedisLink, RedisReply } from './redis-link.ts';

/** How long to wait before a part is connected to again, and before the others are asked who has its place. */
const reconnectMillis = 100;
const rediscoverMillis = 500;

/**
 * A Cluster: every record has one of several primaries, which fail apart from each other.
 *
 * @throws Error when none of the nodes that are named answers
 */
export async function openCluster(
  location: Extract<RedisLocation, { kind: 'redis-cluster' }>,
  signal: AbortSignal,
): Promise<RedisLink> {
  const { commandOptions, ...defaults } = clientOptions;
  const socket = socketOptions(location.tls);
  const cluster = createCluster({
    rootNodes: location.nodes.map((node) => ({ socket: { ...socket, ...node } })),
    defaults: {
      ...defaults,
      ...credentials(location),
      socket: { ...socket, reconnectStrategy: () => reconnectMillis },
    },
    minimizeConnections: true, // a part that does not answer must not keep the others away
    topologyRefreshOnReconnectionAttemptStrategy: rediscoverMillis,
    commandOptions,
  });
  let lost: unknown;
  cluster.on('error', (error) => {
    lost = error;
  });
  const addresses = location.nodes.map(({ host, port }) => `${host}:${port}`).join(', ');
  await attempt(signal, cluster, addresses, () =>
    cluster.connect().catch((error) => {
      throw lost ?? error; // which says no more than that none of the nodes would have it
    }),
  );
  const checks = () =>
    cluster.masters.map(async (node) => (await cluster.nodeClient(node)).sendCommand(['PING']));
  return {
    send: (key, command) => cluster.sendCommand(key, false, command, blobs),
    sendBoth: (key, first, second) =>
      cluster
        .multi()
        .addCommand(key, false, first)
        .addCommand(key, false, second)
        .execAsPipeline() as Promise<RedisReply[]>,
    check: () => Promise.all(checks()),
    checkAny: () => Promise.any(checks()),
    hasParts: true,
    destroy: () => cluster.destroy(),
  };
}
