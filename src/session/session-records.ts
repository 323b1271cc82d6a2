import { GatewayError } from '../errors.ts';
import { recordKey } from './record-key.ts';
import type { GatewaySession } from './session-data.ts';
import type { SessionStore, StoredRecord } from './session-store.ts';
import { createTurns } from './turns.ts';

/** A session as it stands in the store. Times are milliseconds since 1970. */
export type SessionRecord = { data: GatewaySession; expiresAt: number };

export type SessionLimits = { idleMinutes: number; absoluteHours: number };

/** How often a write that lost its race is tried again. */
const mostAttempts = 5;

/** The least gain, in milliseconds, for which a session's life is extended: not every request writes. */
const leastExtensionMillis = (idleMillis: number) => Math.min(60_000, idleMillis / 10);

/** What is written: the data and when its absolute limit started to run. */
type Content = { signedInAt: number; data: GatewaySession };

export type SessionRecords = ReturnType<typeof createSessionRecords>;

/**
 * The one place that reads and writes sessions. A change is read, made and compared-and-set, so that two changes
 * at once are both kept, and a late one never brings back a session that was signed out meanwhile.
 *
 * Every method throws SESSION_STORE_UNAVAILABLE when the store does not answer.
 */
export function createSessionRecords(options: {
  store: SessionStore;
  limits: SessionLimits;
  now?: () => number;
}) {
  const { store, limits, now = Date.now } = options;
  const idleMillis = limits.idleMinutes * 60_000;
  const absoluteMillis = limits.absoluteHours * 3_600_000;
  const expiryFrom = (signedInAt: number) => Math.min(now() + idleMillis, signedInAt + absoluteMillis);
  const key = (sid: string) => recordKey('session', sid);

  const takeTurns = createTurns();

  async function compareAndSet(
    at: string,
    change: (data: GatewaySession) => GatewaySession,
  ): Promise<SessionRecord | undefined> {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const stored = await asked(store.get(at));
      const content = stored && decode(stored);
      if (!content) return undefined;
      const data = change(content.data);
      const value = encode({ ...content, data });
      if (await asked(store.compareAndSet(at, stored.version, value)))
        return { data, expiresAt: stored.expiresAt };
    }
    throw new GatewayError('CONFLICT', 'Other requests of this session kept changing it; try again');
  }

  return {
    /** The session, its life extended when that is due. Undefined: unknown, ended or signed out. */
    async load(sid: string): Promise<SessionRecord | undefined> {
      const stored = await asked(store.get(key(sid)));
      const content = stored && decode(stored);
      if (!content) return undefined;
      const { signedInAt, data } = content;
      const extended = expiryFrom(signedInAt);
      if (extended - stored.expiresAt < leastExtensionMillis(idleMillis))
        return { data, expiresAt: stored.expiresAt };
      // A store that cannot write (a full disk) does not end a session that it can read.
      const lives = await store.extend(key(sid), extended).catch(() => 'unextended');
      if (lives === 'unextended') return { data, expiresAt: stored.expiresAt };
      return lives ? { data, expiresAt: extended } : undefined;
    },

    /** Starts a session; false when the id is taken, which then keeps what it holds. */
    async create(sid: string, data: GatewaySession): Promise<boolean> {
      const signedInAt = now();
      return asked(store.create(key(sid), encode({ signedInAt, data }), expiryFrom(signedInAt)));
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
      return takeTurns(sid, () => compareAndSet(key(sid), change));
    },

    /** Ends a session for good; also when it is gone already. */
    async destroy(sid: string): Promise<void> {
      await asked(store.destroy(key(sid)));
    },
  };
}

const encode = (content: Content): Buffer => Buffer.from(JSON.stringify(content));

/** Undefined for a record that is damaged or of another make: that one session is as good as gone. */
function decode(stored: StoredRecord): Content | undefined {
  try {
    const content: unknown = JSON.parse(stored.value.toString());
    return isContent(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function isContent(value: unknown): value is Content {
  if (typeof value !== 'object' || value === null) return false;
  if (!('signedInAt' in value) || typeof value.signedInAt !== 'number') return false;
  return 'data' in value && typeof value.data === 'object' && value.data !== null;
}

/** A store that cannot answer is an outage, never "signed out". */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new GatewayError(
      'SESSION_STORE_UNAVAILABLE',
      'The session store does not answer; try again shortly',
      {
        cause,
        details: { retryAfterSeconds: 1 },
      },
    );
  }
}
