import type { Config } from '../config.ts';
import type { Eventual } from '../eventual.ts';
import type { Log } from '../log.ts';

/** A stored value with the version that a later compare-and-set has to name. Times are milliseconds since 1970. */
export type StoredRecord = { readonly value: Buffer; readonly version: number; readonly expiresAt: number };

/** How often something has happened in a window of time, and in how many milliseconds the window ends. */
export type Count = { count: number; endsInMillis: number };

/**
 * The port that every session store meets: versioned values that expire. Keys are never session ids themselves
 * (see `record-key.ts`). A record past its `expiresAt` is as good as gone.
 *
 * Every method rejects when the store does not answer; none of them answers "not there" instead.
 * A write that has resolved is as durable as the store can make it; only an extension may be lost.
 */
export interface SessionStore {
  /**
   * `held` is the record as the caller has read it before: where its value is still the same, byte for byte, that very
   * buffer is answered, and where its end is too, that very record, so that the caller sees at once what has changed.
   */
  get(key: string, held?: StoredRecord): Eventual<StoredRecord | undefined>;
  /**
   * False when the key is taken. `owner` is kept beside the value, in the clear: a tag that the records of one
   * person share (see `Sealing.ownerOf`), by which they can be found without opening one.
   */
  create(key: string, value: Buffer, expiresAt: number, owner?: string): Promise<boolean>;
  /** False when the record is gone or has another version. */
  compareAndSet(key: string, version: number, value: Buffer): Promise<boolean>;
  /** Moves the end of a record that exists on, never back, without touching its value. False when it is gone. */
  extend(key: string, expiresAt: number): Promise<boolean>;
  /** True for the one caller that took an existing record away. */
  destroy(key: string): Promise<boolean>;
  /**
   * Counts one more under a key, in a window that the first one begins, for all gateways in front of the store. A
   * count that is lost does no harm. Not for records: a key is one or the other. Absent where the processes had
   * better count for themselves, as with LMDB, which would write to the disk for each request.
   */
  count?(key: string, windowMillis: number): Promise<Count>;
  /** Resolves when the store answers; it may still be full. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the store that the configuration names, loading the code of that one only. A Redis that does not answer is
 * no reason not to start: the gateway is not ready until it does.
 */
export async function openSessionStore(
  config: Pick<Config, 'sessionStore' | 'redisWaitReplicas'>,
  options: { log: Log; now?: (() => number) | undefined },
): Promise<SessionStore> {
  const { sessionStore: location, redisWaitReplicas: waitReplicas } = config;
  const { log, now } = options;
  if (location.kind === 'lmdb') {
    const { openLmdbSessionStore } = await import('./lmdb-session-store.ts');
    return openLmdbSessionStore(location.path, now);
  }
  const { openRedisSessionStore } = await import('./redis-session-store.ts');
  return openRedisSessionStore({ location, waitReplicas, log, now });
}
