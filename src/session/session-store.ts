import type { StoreLocation } from '../config-values.ts';

/** A stored value with the version that a later compare-and-set has to name. Times are milliseconds since 1970. */
export type StoredRecord = { value: Buffer; version: number; expiresAt: number };

/**
 * The port that every session store meets: versioned values that expire. Keys are never session ids themselves
 * (see `record-key.ts`). A record past its `expiresAt` is as good as gone.
 *
 * Every method rejects when the store does not answer; none of them answers "not there" instead.
 * A write that has resolved is durable.
 */
export interface SessionStore {
  get(key: string): Promise<StoredRecord | undefined>;
  /** False when the key is taken. */
  create(key: string, value: Buffer, expiresAt: number): Promise<boolean>;
  /** False when the record is gone or has another version. */
  compareAndSet(key: string, version: number, value: Buffer): Promise<boolean>;
  /** Moves the end of a record that exists, without touching its value. False when it is gone. */
  extend(key: string, expiresAt: number): Promise<boolean>;
  /** True for the one caller that took an existing record away. */
  destroy(key: string): Promise<boolean>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the store that the configuration names, loading the code of that one only. */
export async function openSessionStore(location: StoreLocation, now?: () => number): Promise<SessionStore> {
  const { openLmdbSessionStore } = await import('./lmdb-session-store.ts');
  return openLmdbSessionStore(location.path, now);
}
