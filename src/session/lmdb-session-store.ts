import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { SessionStore, StoredRecord } from './session-store.ts';

const sweepIntervalMillis = 60_000;

/** A key that no record has: read and, after a failed write, written to see whether the store works. */
const probe = 'probe';

/**
 * Sessions in an LMDB environment: one folder, shared by the processes of one machine.
 *
 * The value and the expiry are kept apart, so that extending a session's life does not write its data.
 * Every write is one transaction over both, and resolves when it is on disk.
 *
 * @throws Error naming the folder when it cannot be opened
 */
export function openLmdbSessionStore(path: string, now: () => number = Date.now): SessionStore {
  const environment = openEnvironment(path);
  const values = environment.openDB<Buffer, string>({
    name: 'values',
    encoding: 'binary',
    useVersions: true,
  });
  const expiries = environment.openDB<number, string>({ name: 'expiries', encoding: 'json' });

  function read(key: string): StoredRecord | undefined {
    const expiresAt = expiries.get(key);
    if (expiresAt === undefined || expiresAt <= now()) return undefined;
    const entry = values.getEntry(key);
    return entry?.version === undefined
      ? undefined
      : { value: entry.value, version: entry.version, expiresAt };
  }

  /** The last write failed: the disk may be full. The next one that succeeds clears it. */
  let writesFail = false;

  async function commit<T>(change: () => T): Promise<T> {
    try {
      const result = await environment.transaction(change);
      writesFail = false;
      return result;
    } catch (error) {
      writesFail = true;
      silenceCommitError(error);
      throw error;
    }
  }

  async function write<T>(change: () => T): Promise<T> {
    const result = await commit(change);
    await environment.flushed;
    return result;
  }

  function remove(key: string): void {
    values.remove(key);
    expiries.remove(key);
  }

  async function sweep(): Promise<void> {
    const expired = [...expiries.getRange()]
      .filter((entry) => entry.value <= now())
      .map((entry) => entry.key);
    if (expired.length === 0) return;
    await commit(() => {
      for (const key of expired) if (!read(key)) remove(key);
    });
  }
  const sweeper = setInterval(() => void sweep().catch(() => undefined), sweepIntervalMillis).unref();

  return {
    get: async (key) => read(key),
    create: (key, value, expiresAt) =>
      write(() => {
        if (read(key)) return false;
        values.put(key, value, 1);
        expiries.put(key, expiresAt);
        return true;
      }),
    compareAndSet: (key, version, value) =>
      write(() => {
        if (read(key)?.version !== version) return false;
        values.put(key, value, version + 1);
        return true;
      }),
    extend: (key, expiresAt) =>
      commit(() => {
        if (!read(key)) return false;
        expiries.put(key, expiresAt);
        return true;
      }),
    destroy: (key) =>
      write(() => {
        const existed = read(key) !== undefined;
        remove(key);
        return existed;
      }),
    ping: async () => {
      expiries.get(probe);
      if (writesFail) await commit(() => expiries.put(probe, 0));
    },
    close: async () => {
      clearInterval(sweeper);
      await environment.close();
    },
  };
}

/** lmdb hangs the reason of a failed commit on its error as a promise of its own, unhandled until somebody looks. */
function silenceCommitError(error: unknown): void {
  if (error instanceof Error && 'commitError' in error)
    Promise.resolve(error.commitError).catch(() => undefined);
}

function openEnvironment(path: string) {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    assertNotForeign(join(path, 'data.mdb'));
    // Batches of an event turn have a promise that nobody can catch: a full disk would end the process.
    const environment = open({ path, noSubdir: false, maxDbs: 8, eventTurnBatching: false });
    for (const file of ['data.mdb', 'lock.mdb']) chmodSync(join(path, file), 0o600);
    return environment;
  } catch (cause) {
    throw new Error(
      `The session store in ${path} cannot be opened; check the folder and its permissions, or set SESSION_STORE`,
      { cause },
    );
  }
}

/** LMDB's mark at the start of its file, after the page header (mdb.c, MDB_MAGIC). */
const magic = { value: 0xbeefc0de, offset: 24 };

/** LMDB does not look before it maps a file: one that is not its own ends the process without a word. */
function assertNotForeign(file: string): void {
  if (!existsSync(file) || statSync(file).size === 0) return;
  const start = Buffer.alloc(magic.offset + 4);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, start);
  } finally {
    closeSync(descriptor);
  }
  if (start.readUInt32LE(magic.offset) !== magic.value)
    throw new Error(`${file} is damaged or not an LMDB file`);
}
