import type { RedisLocation } from '../config-store.ts';
import { openCluster } from './redis-cluster.ts';
import { openPrimary, primaryOf } from './redis-primary.ts';

/** Redis's own arguments and answers; blobs are Buffers. */
export type RedisCommand = (string | Buffer)[];
export type RedisReply = unknown;

/**
 * Connections to the primary of a record, good until they fail: then they are destroyed and others are opened. (A
 * Cluster's client opens those to its parts again by itself.) A command is never sent a second time behind the back
 * of its caller, who may have given up on it long ago.
 */
export type RedisLink = {
  /** Sends a command to the primary that has `key`. */
  send(key: string, command: RedisCommand): Promise<RedisReply>;
  /** Commands that follow each other over one connection, to the primary that has `key`; an answer for each. */
  sendInOrder(key: string, commands: RedisCommand[]): Promise<RedisReply>[];
  /** Rejects when any part of it does not answer, or is no primary (any more). */
  check(): Promise<unknown>;
  /** Rejects when all of its parts do. */
  checkAny(): Promise<unknown>;
  /** Whether other parts go on when `check` fails. */
  hasParts: boolean;
  destroy(): void;
};

/**
 * Opens what a URL names. `signal` ends an attempt that takes too long. Its errors go into the log: servers quote what
 * they were sent, a password too, so what they quote is cut off.
 */
export async function openRedisLink(location: RedisLocation, signal: AbortSignal): Promise<RedisLink> {
  const password =
    location.kind === 'redis' ? decodeURIComponent(new URL(location.url).password) : location.password;
  const withoutQuotes = rethrowWithout(password ?? '');
  const link = await opened(location, signal).catch(withoutQuotes);
  return {
    ...link,
    send: (key, command) => link.send(key, command).catch(withoutQuotes),
    sendInOrder: (key, commands) =>
      link.sendInOrder(key, commands).map((reply) => reply.catch(withoutQuotes)),
    check: () => link.check().catch(withoutQuotes),
    checkAny: () => link.checkAny().catch(withoutQuotes),
  };
}

async function opened(location: RedisLocation, signal: AbortSignal): Promise<RedisLink> {
  if (location.kind === 'redis') return openPrimary({ url: location.url }, signal);
  if (location.kind === 'redis-cluster') return openCluster(location, signal);
  const { tls, username, password } = location;
  const node = await primaryOf(location, signal);
  return openPrimary({ node, tls, username, password }, signal);
}

/** `ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' …`; other servers have other words. */
const rethrowWithout =
  (password: string) =>
  (error: unknown): never => {
    const { message } = error instanceof Error ? error : new Error('failed');
    const unquoted = message.replace(/["'`].*$/s, '…');
    throw new Error(password === '' ? unquoted : unquoted.replaceAll(password, '…'));
  };
