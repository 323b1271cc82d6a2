import { createClient } from '@redis/client';
import type { RedisLocation, StoreNode } from '../config-store.ts';
import { addressOf, attempt, blobs, connectionTo, probe } from './redis-client-options.ts';
import type { RedisLink } from './redis-link.ts';

/**
 * One server, which has to be a primary.
 *
 * @throws Error when it does not answer, or is none
 */
export async function openPrimary(
  to: Parameters<typeof connectionTo>[0],
  signal: AbortSignal,
): Promise<RedisLink> {
  let lost: unknown;
  const client = createClient(connectionTo(to)).on('error', (error) => {
    lost = error;
  });
  const check = async () => {
    try {
      const [role] = await Promise.all([
        client.sendCommand(['ROLE']).catch(unlessForbidden),
        client.sendCommand(['EXISTS', probe]), // which a server that is loading, or not for us, refuses
      ]);
      assertPrimary(role);
    } catch (error) {
      throw lost ?? error; // a client that has lost its connection says of every call only that it is closed
    }
  };
  const server = 'url' in to ? new URL(to.url).host : addressOf(to.node);
  await attempt(signal, client, server, async () => {
    await client.connect();
    await check();
    assertAlone(await client.sendCommand(['INFO', 'cluster']).catch(unlessForbidden));
  });
  return {
    send: (_key, command) => client.sendCommand(command, blobs),
    sendInOrder: (_key, commands) => commands.map((command) => client.sendCommand(command, blobs)),
    check,
    checkAny: check,
    hasParts: false,
    destroy: () => client.destroy(),
  };
}

/** A user that may not ask cannot tell a demoted primary before it writes, nor a Cluster. */
function unlessForbidden(error: unknown): undefined {
  if (error instanceof Error && error.message.startsWith('NOPERM')) return undefined;
  throw error;
}

function assertPrimary(role: unknown): void {
  if (Array.isArray(role) && String(role[0]) !== 'master')
    throw new Error('READONLY The server is a replica');
}

/** A node of a Cluster answers for its own part, and sends the others' calls away. */
function assertAlone(info: unknown): void {
  if (String(info).includes('cluster_enabled:1'))
    throw new Error('ERR The server belongs to a Cluster; use redis-cluster://');
}

/**
 * The address of the primary, from whichever sentinel answers first; `openPrimary` asks it for its role, as the
 * guidelines want it (redis.io/docs/latest/develop/reference/sentinel-clients). `createSentinel` is not used: during
 * a failover it keeps commands and repeats them later, when their callers have been told that they failed.
 */
export async function primaryOf(
  location: Extract<RedisLocation, { kind: 'redis-sentinel' }>,
  signal: AbortSignal,
): Promise<StoreNode> {
  const others = new AbortController();
  const either = AbortSignal.any([signal, others.signal]);
  try {
    return await Promise.any(location.nodes.map((node) => askSentinel(node, location, either)));
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    others.abort();
  }
}

async function askSentinel(
  node: StoreNode,
  { name, tls }: Extract<RedisLocation, { kind: 'redis-sentinel' }>,
  signal: AbortSignal,
): Promise<StoreNode> {
  const access = { node, tls, username: undefined, password: undefined };
  const client = createClient(connectionTo(access)).on('error', () => undefined); // its calls reject themselves
  let address: unknown[] = [];
  await attempt(signal, client, `sentinel ${addressOf(node)}`, async () => {
    await client.connect();
    const answer = await client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name]);
    if (!Array.isArray(answer)) throw new Error(`ERR It knows no primary named ${name}`);
    address = answer;
  });
  client.destroy();
  const [host, port] = address;
  return { host: String(host), port: Number(port) };
}
