import { GatewayError } from '../errors.ts';
import { type Eventual, when } from '../eventual.ts';
import { createRecentlyUsed } from '../recently-used.ts';
import { asked } from './outage.ts';
import { recordKey } from './record-key.ts';
import type { Sealing } from './sealing.ts';
import type { GatewaySession } from './session-data.ts';
import type { SessionStore, StoredRecord } from './session-store.ts';
import { createTurns } from './turns.ts';

/** A session as it stands in the store. Times are milliseconds since 1970. */
export type SessionRecord = { data: GatewaySession; expiresAt: number };

export type SessionLimits = { idleMinutes: number; absoluteHours: number };

/** How often a write that lost its race is tried again. */
const mostAttempts = 5;

/** The largest record, in bytes: each request of its session reads it. */
const mostBytes = 256 * 1024;

/** The least gain, in milliseconds, for which a session's life is extended: not every request writes. */
const leastExtensionMillis = (idleMillis: number) => Math.min(60_000, idleMillis / 10);

/**
 * What is kept open of records that are asked for again and again: their sizes in the store, in bytes, come to that
 * much at most, and what nobody asks for is closed again after that many milliseconds to twice as many.
 */
const keptOpen = { most: 32 * 1024 * 1024, forMillis: 60_000 };

/** What is written: the data and when its absolute limit started to run. */
type Content = { signedInAt: number; data: GatewaySession };

/** A record that is kept open, with what it was opened from, and the key of that. */
type Opened = { storeKey: string; stored: StoredRecord; content: Content };

export type SessionRecords = ReturnType<typeof createSessionRecords>;

/**
 * The one place that reads and writes sessions. A change is read, made and compared-and-set, so that two changes
 * at once are both kept, and a late one never brings back a session that was signed out meanwhile.
 *
 * Every method throws SESSION_STORE_UNAVAILABLE when the store does not answer, and those that write BAD_REQUEST when
 * the session would be too large.
 */
export function createSessionRecords(options: {
  store: SessionStore;
  sealing: Sealing;
  limits: SessionLimits;
  now?: () => number;
}) {
  const { store, sealing, limits, now = Date.now } = options;
  const idleMillis = Math.round(limits.idleMinutes * 60_000);
  const leastGain = leastExtensionMillis(idleMillis);
  const absoluteMillis = Math.round(limits.absoluteHours * 3_600_000);
  const expiryFrom = (signedInAt: number) => Math.min(now() + idleMillis, signedInAt + absoluteMillis);
  const key = (sid: string) => recordKey('session', sid);
  function sealed(sid: string, content: Content): Buffer {
    const value = sealing.seal('session', sid, content);
    if (value.length <= mostBytes) return value;
    throw new GatewayError(
      'BAD_REQUEST',
      `This does not fit into a session (${mostBytes / 1024} kB); disconnect an account first`,
    );
  }

  const opened = createRecentlyUsed<Opened>({ ...keptOpen, sizeOf: ({ stored }) => stored.value.length });

  /** Opens a record, unless it is, byte for byte, the one that was opened before. */
  function openedFrom(sid: string, storeKey: string, stored: StoredRecord, before: Opened | undefined) {
    if (before?.stored === stored) return before;
    const isSameValue = before?.stored.value === stored.value;
    const content = isSameValue ? before.content : sealing.open('session', sid, stored.value, isContent);
    if (!content) return undefined;
    const after = { storeKey, stored, content: isSameValue ? content : deepFrozen(content) };
    opened.set(sid, after);
    return after;
  }

  function read(sid: string): Eventual<Opened | undefined> {
    const before = opened.get(sid);
    const storeKey = before?.storeKey ?? key(sid);
    const reading = asked(store.get(storeKey, before?.stored));
    return when(reading, (stored) => usable(sid, storeKey, stored, before));
  }

  function usable(
    sid: string,
    storeKey: string,
    stored: StoredRecord | undefined,
    before: Opened | undefined,
  ) {
    if (!stored) opened.delete(sid);
    const record = stored && openedFrom(sid, storeKey, stored, before);
    return record && latestOf(record) > now() ? record : undefined;
  }

  /** What is sealed decides: the end beside it could be changed by whoever can write to the store. */
  const latestOf = ({ content }: Opened) => content.signedInAt + absoluteMillis;
  const recordOf = (opened: Opened): SessionRecord => ({
    data: opened.content.data,
    expiresAt: Math.min(opened.stored.expiresAt, latestOf(opened)),
  });

  const takeTurns = createTurns();

  async function compareAndSet(
    sid: string,
    change: (data: GatewaySession) => GatewaySession,
  ): Promise<SessionRecord | undefined> {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const record = await read(sid);
      if (!record) return undefined;
      const { stored, content } = record;
      const data = change(content.data);
      const value = sealed(sid, { ...content, data });
      if (await asked(store.compareAndSet(key(sid), stored.version, value)))
        return { ...recordOf(record), data };
    }
    throw new GatewayError('CONFLICT', 'Other requests of this session kept changing it; try again', {
      details: { retryAfterSeconds: 1 },
    });
  }

  function extendedWhenDue(sid: string, found: Opened | undefined): Eventual<SessionRecord | undefined> {
    if (!found) return undefined;
    const record = recordOf(found);
    const extended = expiryFrom(found.content.signedInAt);
    return extended - record.expiresAt < leastGain ? record : extend(sid, record, extended);
  }

  /** A store that cannot write (a full disk) does not end a session that it can read. */
  async function extend(sid: string, record: SessionRecord, extended: number) {
    const lives = await store.extend(key(sid), extended).catch(() => 'unextended');
    if (lives === 'unextended') return record;
    return lives ? { ...record, expiresAt: extended } : undefined;
  }

  return {
    /** The session, its life extended when that is due. Undefined: unknown, ended or signed out. */
    load(sid: string): Eventual<SessionRecord | undefined> {
      return when(read(sid), (found) => extendedWhenDue(sid, found));
    },

    /** Starts a session; false when the id is taken, which then keeps what it holds. */
    async create(sid: string, data: GatewaySession): Promise<boolean> {
      const signedInAt = now();
      const value = sealed(sid, { signedInAt, data });
      return asked(store.create(key(sid), value, expiryFrom(signedInAt), sealing.ownerOf(data.user)));
    },

    /**
     * Changes a session that exists; undefined when it does not (any more). The changes of this process to one
     * session take turns, so that it loses races to other processes alone.
     *
     * @throws GatewayError CONFLICT when those won five times in a row
     */
    async update(
      sid: string,
      change: (data: GatewaySession) => GatewaySession,
    ): Promise<SessionRecord | undefined> {
      return takeTurns(sid, () => compareAndSet(sid, change));
    },

    /** Ends a session for good; also when it is gone already. */
    async destroy(sid: string): Promise<void> {
      opened.delete(sid);
      await asked(store.destroy(key(sid)));
    },
  };
}

/** All requests of a session share its content. */
function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) deepFrozen(part);
  return Object.freeze(value);
}

function isContent(value: unknown): value is Content {
  if (typeof value !== 'object' || value === null) return false;
  if (!('signedInAt' in value) || typeof value.signedInAt !== 'number') return false;
  return 'data' in value && typeof value.data === 'object' && value.data !== null;
}
