import { type SessionData, Store } from 'express-session';
import { type Database, open } from 'lmdb';

/** The least gain for which the end of a session is written anew, in milliseconds: what it is in the gateway. */
const leastExtensionMillis = 60_000;

/**
 * An express-session store in an LMDB folder, which @fastify/session takes too. A record is the session's JSON; its
 * end is kept beside it, so that moving it on does not rewrite the record. What needs no write calls back at once:
 * otherwise express-session would send the answer in two pieces.
 */
export class LmdbSessionStore extends Store {
  readonly #sessions: Database<SessionData, string>;
  readonly #ends: Database<number, string>;

  constructor(folder: string) {
    super();
    const root = open({ path: folder, maxDbs: 2 });
    this.#sessions = root.openDB({ name: 'sessions', encoding: 'json' });
    this.#ends = root.openDB({ name: 'ends', encoding: 'json' });
  }

  override get(sid: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    const end = this.#ends.get(sid);
    const session = end !== undefined && end > Date.now() ? this.#sessions.get(sid) : undefined;
    callback(null, session ?? null);
  }

  override set(sid: string, session: SessionData, callback?: (error?: unknown) => void): void {
    const written = [this.#sessions.put(sid, session), this.#ends.put(sid, endOf(session))];
    Promise.all(written).then(() => callback?.(), callback);
  }

  override touch(sid: string, session: SessionData, callback?: (error?: unknown) => void): void {
    const end = endOf(session);
    const before = this.#ends.get(sid);
    if (before === undefined || end - before < leastExtensionMillis) callback?.();
    else this.#ends.put(sid, end).then(() => callback?.(), callback);
  }

  override destroy(sid: string, callback?: (error?: unknown) => void): void {
    const removed = [this.#ends.remove(sid), this.#sessions.remove(sid)];
    Promise.all(removed).then(() => callback?.(), callback);
  }
}

/** `express-session` has a Date here, and `@fastify/session` what the JSON of one makes. */
const endOf = ({ cookie }: SessionData): number =>
  cookie.expires ? new Date(cookie.expires).getTime() : Number.POSITIVE_INFINITY;
