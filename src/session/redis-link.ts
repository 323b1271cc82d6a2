import { createClient, createCluster, RESP_TYPES } from '@redis/client';
import type { RedisLocation, StoreNode } from '../config-store.ts';
import { connectMillis, mostInFlight } from './redis-limits.ts';

/** Redis's own arguments and answers; blobs are Buffers. */
export type RedisCommand = (string | Buffer)[];
export type RedisReply = unknown;

/**
 * Connections to the primary of a record, good until they fail: then they are destroyed and others are opened. So
 * a command is never sent a second time behind the back of its caller, who may have given up on it long ago.
 */
export type RedisLink = {
  /** Sends a command to the primary that has `key`. */
  send(key: string, command: RedisCommand): Promise<RedisReply>;
  /** Two commands, one right after the other over one connection. */
  sendBoth(key: string, first: RedisCommand, second: RedisCommand): Promise<RedisReply[]>;
  /** Rejects when any part of it does not answer, or is no primary (any more). */
  check(): Promise<void>;
  /** Whether other parts go on when `check` fails. */
  hasParts: boolean;
  destroy(): void;
};

const clientOptions = {
  disableOfflineQueue: true,
  commandsQueueMaxLength: mostInFlight,
  commandOptions: { timeout: 0 }, // every call has a deadline already
  disableClientInfo: true,
  maintNotifications: 'disabled',
} as const;

const blobs = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };

/** What else may go wrong rejects the call that it is about. */
const ignored = () => undefined;

/** Opens what a URL names. `signal` ends an attempt that takes too long. */
export async function openRedisLink(location: RedisLocation, signal: AbortSignal): Promise<RedisLink> {
  if (location.kind === 'redis') return openPrimary({ url: location.url }, signal);
  if (location.kind === 'redis-cluster') return openCluster(location, signal);
  const { tls, username, password } = location;
  const node = await primaryOf(location, signal);
  return openPrimary({ node, tls, username, password }, signal);
}

type Access = { tls: boolean; username: string | undefined; password: string | undefined };

const connectionOf = (to: { url: string } | ({ node: StoreNode } & Access)) => {
  const socket = { connectTimeout: connectMillis, reconnectStrategy: false } as const;
  return 'url' in to
    ? { ...clientOptions, url: to.url, socket }
    : { ...clientOptions, ...credentials(to), socket: { ...socket, ...to.node, ...tlsOf(to.tls) } };
};

const credentials = ({ username, password }: Access) => ({
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
});

const tlsOf = (tls: boolean) => (tls ? ({ tls: true } as const) : {});

async function openPrimary(to: Parameters<typeof connectionOf>[0], signal: AbortSignal): Promise<RedisLink> {
  let lost: unknown;
  const client = createClient(connectionOf(to)).on('error', (error) => {
    lost = error;
  });
  const check = async () => {
    try {
      assertPrimary(await client.sendCommand(['ROLE']).catch(unlessForbidden));
    } catch (error) {
      throw lost ?? error; // a client that has lost its connection says of every call only that it is closed
    }
  };
  await attempt(signal, client, async () => {
    await client.connect();
    await check();
  });
  return {
    send: (_key, command) => client.sendCommand(command, blobs),
    sendBoth: (_key, first, second) =>
      Promise.all([client.sendCommand(first, blobs), client.sendCommand(second, blobs)]),
    check,
    hasParts: false,
    destroy: () => client.destroy(),
  };
}

/** Connects, and destroys the client when that fails or takes too long. */
async function attempt(
  signal: AbortSignal,
  client: { destroy(): void },
  connect: () => Promise<unknown>,
): Promise<void> {
  const giveUp = () => client.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    signal.throwIfAborted();
    await connect();
  } catch (error) {
    giveUp();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** A user that may not ask ROLE cannot tell a demoted primary before it writes. */
function unlessForbidden(error: unknown): undefined {
  if (error instanceof Error && error.message.startsWith('NOPERM')) return undefined;
  throw error;
}

function assertPrimary(role: unknown): void {
  if (Array.isArray(role) && String(role[0]) !== 'master')
    throw new Error('READONLY The server is a replica');
}

/**
 * The address of the primary, from whichever sentinel answers first; `openPrimary` asks it for its role, as the
 * guidelines want it (redis.io/docs/latest/develop/reference/sentinel-clients). `createSentinel` is not used: during
 * a failover it keeps commands and repeats them later, when their callers have been told that they failed.
 */
async function primaryOf(
  location: Extract<RedisLocation, { kind: 'redis-sentinel' }>,
  signal: AbortSignal,
): Promise<StoreNode> {
  const { nodes, name, tls } = location;
  const others = new AbortController();
  const either = AbortSignal.any([signal, others.signal]);
  const asking = nodes.map(async (node) => {
    const to = { node, tls, username: undefined, password: undefined };
    const client = createClient(connectionOf(to)).on('error', ignored);
    let address: unknown;
    await attempt(either, client, async () => {
      await client.connect();
      address = await client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name]);
    });
    client.destroy();
    if (!Array.isArray(address)) throw new Error(`The sentinels know no primary named ${name}`);
    return { host: String(address[0]), port: Number(address[1]) };
  });
  try {
    return await Promise.any(asking);
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    others.abort();
  }
}

async function openCluster(
  location: Extract<RedisLocation, { kind: 'redis-cluster' }>,
  signal: AbortSignal,
): Promise<RedisLink> {
  const { nodes, tls } = location;
  const socket = { connectTimeout: connectMillis, ...tlsOf(tls) };
  const { commandOptions, ...defaults } = clientOptions;
  const cluster = createCluster({
    rootNodes: nodes.map((node) => ({ socket: { ...socket, ...node } })),
    defaults: { ...defaults, ...credentials(location), socket: { ...socket, reconnectStrategy: () => 100 } },
    minimizeConnections: true, // a part that does not answer must not keep the others away
    topologyRefreshOnReconnectionAttemptStrategy: 500,
    commandOptions,
  }).on('error', ignored);
  await attempt(signal, cluster, () => cluster.connect());
  return {
    send: (key, command) => cluster.sendCommand(key, false, command, blobs),
    sendBoth: (key, first, second) =>
      cluster
        .multi()
        .addCommand(key, false, first)
        .addCommand(key, false, second)
        .execAsPipeline() as Promise<RedisReply[]>,
    async check() {
      await Promise.all(
        cluster.masters.map(async (node) => (await cluster.nodeClient(node)).sendCommand(['PING'])),
      );
    },
    hasParts: true,
    destroy: () => cluster.destroy(),
  };
}
