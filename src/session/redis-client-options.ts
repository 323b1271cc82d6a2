import { RESP_TYPES } from '@redis/client';
import type { StoreNode } from '../config-store.ts';
import { connectMillis, mostInFlight } from './redis-limits.ts';

/** What all clients are told. */
export const clientOptions = {
  disableOfflineQueue: true,
  commandsQueueMaxLength: 2 * mostInFlight + 100, // with room for what asks how the server is
  commandOptions: { timeout: 0 }, // every call has a deadline already
  disableClientInfo: true,
  maintNotifications: 'disabled',
} as const;

/** How all keys begin: other applications may share the database. */
export const prefix = 'mcm:';

/** A key that no record has. */
export const probe = `${prefix}probe`;

export const addressOf = ({ host, port }: StoreNode): string => `${host}:${port}`;

/** For commands whose answer is no text. */
export const blobs = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };

export type Access = { tls: boolean; username: string | undefined; password: string | undefined };

export const credentials = ({ username, password }: Access) => ({
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
});

export const socketOptions = (tls: boolean) => ({
  connectTimeout: connectMillis,
  ...(tls ? ({ tls: true } as const) : {}),
});

/** The options of a client of one server, which is good for one connection. */
export function connectionTo(to: { url: string } | ({ node: StoreNode } & Access)) {
  const once = { reconnectStrategy: false } as const;
  return 'url' in to
    ? { ...clientOptions, url: to.url, socket: { ...socketOptions(false), ...once } }
    : { ...clientOptions, ...credentials(to), socket: { ...socketOptions(to.tls), ...once, ...to.node } };
}

/**
 * Connects, and destroys the client when that fails or takes too long.
 *
 * @throws Error that says with which server, and why
 */
export async function attempt(
  signal: AbortSignal,
  client: { destroy(): void },
  server: string,
  connect: () => Promise<unknown>,
): Promise<void> {
  const giveUp = () => client.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    signal.throwIfAborted();
    await connect();
  } catch (error) {
    giveUp();
    throw new Error(`${server}: ${error instanceof Error ? error.message : 'failed'}`);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
