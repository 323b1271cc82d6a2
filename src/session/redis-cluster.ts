import { createCluster } from '@redis/client';
import type { RedisLocation } from '../config-store.ts';
import {
  addressOf,
  attempt,
  blobs,
  clientOptions,
  credentials,
  probe,
  socketOptions,
} from './redis-client-options.ts';
import type { RedisCommand, RedisLink, RedisReply } from './redis-link.ts';

/** Keys that no record has, in many parts: a part that answers PING may refuse its keys (CLUSTERDOWN). */
const probes = Array.from({ length: 12 }, (_, index) => `${probe}:${index}`);

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
  const addresses = location.nodes.map(addressOf).join(', ');
  await attempt(signal, cluster, addresses, () =>
    cluster.connect().catch((error) => {
      throw lost ?? error; // which says no more than that none of the nodes would have it
    }),
  );
  const checks = () =>
    cluster.masters.map(async (node) => (await cluster.nodeClient(node)).sendCommand(['PING']));

  /** A pipeline is sent to one part, and follows nobody who says MOVED; a single command does, and learns of it. */
  async function pipelined(key: string, commands: RedisCommand[]): Promise<RedisReply[]> {
    const send = () => {
      const pipeline = cluster.multi();
      for (const command of commands) pipeline.addCommand(key, false, command);
      return pipeline.execAsPipeline() as Promise<RedisReply[]>;
    };
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('MOVED')) throw error;
      await cluster.sendCommand(key, false, ['EXISTS', key]);
      return send();
    }
  }

  return {
    send: (key, command) => cluster.sendCommand(key, false, command, blobs),
    sendInOrder(key, commands) {
      const replies = pipelined(key, commands);
      return commands.map(async (_, at) => (await replies)[at]);
    },
    check: () => Promise.all(checks()),
    checkAny: () => Promise.any(probes.map((key) => cluster.sendCommand(key, false, ['EXISTS', key]))),
    hasParts: true,
    destroy: () => cluster.destroy(),
  };
}
