import type { Database } from 'lmdb';
import { beforeDeadline } from './deadline.ts';
import { type LmdbEntry, readEntry } from './lmdb-entry.ts';
import { openEnvironment } from './lmdb-environment.ts';
import type { SessionStore, StoredRecord } from './session-store.ts';

const sweepIntervalMillis = 60_000;

/** How long a write may take before it has failed, in milliseconds: the disk, or a process that holds the lock, hangs. */
const writeMillis = 5_000;

/** How many records a sweep takes away in one transaction: others must not wait long for theirs. */
const sweptAtOnce = 500;

/** How long a record lives, apart from its value. Times are milliseconds since 1970, `dueMinute` minutes. */
type Life = { expiresAt: number; dueMinute: number; owner?: string | undefined };

/** Records by their key: what is in them, and their lives. */
type Tables = { values: Database<Buffer, string>; lives: Database<Life, string> };

/** A record as it is answered, which knows what was found of it in the two tables. */
class LmdbRecord implements StoredRecord {
  readonly value: Buffer;
  readonly version: number;
  readonly expiresAt: number;
  readonly #key: string;
  readonly #life: LmdbEntry;
  readonly #content: LmdbEntry;

  constructor(key: string, life: LmdbEntry, content: LmdbEntry, expiresAt: number) {
    this.#key = key;
    this.value = content.bytes;
    this.version = content.version;
    this.expiresAt = expiresAt;
    this.#life = life;
    this.#content = content;
  }

  /**
   * Parses and copies nothing that is as it was in `held`, and gives that where all of it is. A record of another key
   * is as none: entries on one page were last written to in one transaction.
   */
  static read(tables: Tables, key: string, now: number, held?: StoredRecord): StoredRecord | undefined {
    const isOfKey = held && #key in held && held.#key === key;
    const [lifeBefore, contentBefore] = isOfKey ? [held.#life, held.#content] : [];
    const life = readEntry(tables.lives, key, lifeBefore);
    if (!life) return undefined;
    const isSameLife = isOfKey && life.bytes === lifeBefore?.bytes;
    const expiresAt = isSameLife ? held.expiresAt : lifeIn(life).expiresAt;
    const content = expiresAt > now ? readEntry(tables.values, key, contentBefore) : undefined;
    if (!content) return undefined;
    const isSame = life === lifeBefore && content === contentBefore;
    return isSame ? held : new LmdbRecord(key, life, content, expiresAt);
  }
}

/**
 * Sessions in an LMDB environment: one folder, shared by the processes of one machine.
 *
 * A record's life is kept apart from its value, so that extending it does not write its data. A third table has the
 * records by the minute in which they are due to be looked at by the sweep: it finds what has expired without
 * looking at everything, and extending a life leaves it alone (the sweep puts what still lives further on).
 *
 * Every write is one transaction over all of them, and resolves when it is on disk; only an extension does not wait
 * for that.
 *
 * @throws Error naming the folder when it cannot be opened, or is damaged
 */
export async function openLmdbSessionStore(
  path: string,
  now: () => number = Date.now,
): Promise<SessionStore> {
  const environment = await openEnvironment(path);
  const values = environment.openDB<Buffer, string>({
    name: 'values',
    encoding: 'binary',
    useVersions: true,
  });
  const lives = environment.openDB<Life, string>({ name: 'lives', encoding: 'json' });
  const tables = { values, lives };
  const dues = environment.openDB<'', [dueMinute: number, key: string]>({ name: 'dues', encoding: 'json' });

  const lifeOf = (key: string): Life | undefined => {
    const life = lives.get(key);
    return life && life.expiresAt > now() ? life : undefined;
  };

  let closing: Promise<void> | undefined;
  const underWay = new Set<Promise<unknown>>();

  /** Writes that are under way are known until they are over, also when nobody waits for them any more. */
  function tracked<T>(write: () => Promise<T>): Promise<T> {
    if (closing) return Promise.reject(new Error('The store is closed'));
    const writing = write().finally(() => underWay.delete(writing));
    underWay.add(writing);
    return beforeDeadline(writing, writeMillis);
  }

  async function committed<T>(change: () => T): Promise<T> {
    try {
      return await environment.transaction(change);
    } catch (error) {
      silenceCommitError(error);
      throw error;
    }
  }

  const commit = <T>(change: () => T): Promise<T> => tracked(() => committed(change));

  const write = <T>(change: () => T): Promise<T> =>
    tracked(async () => {
      const result = await committed(change);
      await environment.flushed;
      return result;
    });

  /** A process that ends in the middle of a write leaves the lock behind, and nobody can write any more. */
  async function closeAfterWrites(): Promise<void> {
    clearInterval(sweeper);
    await Promise.allSettled(underWay);
    await environment.close();
  }

  function remove(key: string): void {
    const life = lives.get(key);
    if (life) dues.remove([life.dueMinute, key]);
    lives.remove(key);
    values.remove(key);
  }

  function putLife(key: string, life: Omit<Life, 'dueMinute'>): void {
    const dueMinute = Math.ceil(life.expiresAt / 60_000);
    lives.put(key, { ...life, dueMinute });
    dues.put([dueMinute, key], '');
  }

  /** Takes one batch of what is due; gives how many those were. */
  async function sweepSome(): Promise<number> {
    const nextMinute = Math.floor(now() / 60_000) + 1;
    const due = [...dues.getKeys({ end: [nextMinute, ''], limit: sweptAtOnce })];
    if (due.length === 0) return 0;
    await commit(() => {
      for (const [minute, key] of due) {
        dues.remove([minute, key]);
        const life = lives.get(key);
        if (life?.dueMinute !== minute) continue;
        if (life.expiresAt > now()) putLife(key, { expiresAt: life.expiresAt, owner: life.owner });
        else remove(key);
      }
    });
    return due.length;
  }

  /** A reader that was killed would hold back the reuse of pages for ever. */
  async function sweep(): Promise<void> {
    environment.readerCheck();
    while ((await sweepSome()) === sweptAtOnce);
  }
  const sweeper = setInterval(() => void sweep().catch(() => undefined), sweepIntervalMillis).unref();

  return {
    get(key, held) {
      try {
        if (closing) throw new Error('The store is closed');
        // Reads share a snapshot for a moment, in which another process may have ended a session.
        environment.resetReadTxn();
        return LmdbRecord.read(tables, key, now(), held);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    create: (key, value, expiresAt, owner) =>
      write(() => {
        if (lifeOf(key)) return false;
        remove(key);
        values.put(key, value, 1);
        putLife(key, { expiresAt, owner });
        return true;
      }),
    compareAndSet: (key, version, value) =>
      write(() => {
        if (LmdbRecord.read(tables, key, now())?.version !== version) return false;
        values.put(key, value, version + 1);
        return true;
      }),
    extend: (key, expiresAt) =>
      commit(() => {
        const life = lifeOf(key);
        if (!life) return false;
        if (expiresAt > life.expiresAt) lives.put(key, { ...life, expiresAt });
        return true;
      }),
    destroy: (key) =>
      write(() => {
        const existed = lifeOf(key) !== undefined;
        remove(key);
        return existed;
      }),
    ping: async () => {
      lives.get('a key that no record has');
    },
    close() {
      closing ??= closeAfterWrites();
      return closing;
    },
  };
}

const lifeIn = ({ bytes }: LmdbEntry): Life => JSON.parse(bytes.toString());

/** lmdb hangs the reason of a failed commit on its error as a promise of its own, unhandled until somebody looks. */
function silenceCommitError(error: unknown): void {
  if (error instanceof Error && 'commitError' in error)
    Promise.resolve(error.commitError).catch(() => undefined);
}
