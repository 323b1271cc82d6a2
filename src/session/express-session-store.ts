import { type SessionData, Store } from 'express-session';
import type { GatewaySession } from './session-data.ts';
import type { SessionRecords } from './session-records.ts';

/**
 * Session records as express-session's Store. express-session reads and starts sessions through it; it never
 * writes one that exists (its save would overwrite what other requests changed meanwhile, and bring back a
 * session that was signed out: expressjs/session #632). Changes go through `SessionRecords.update`.
 */
export class ExpressSessionStore extends Store {
  readonly #records: SessionRecords;
  /** Sessions that were started; express-session saves them once more when the answer ends. */
  readonly #started = new WeakSet<SessionData>();

  constructor(records: SessionRecords) {
    super();
    this.#records = records;
  }

  override get(sid: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    this.#records
      .load(sid)
      .then(
        (record) =>
          callback(
            null,
            record && { ...record.data, expiresAt: record.expiresAt, cookie: { originalMaxAge: null } },
          ),
        callback,
      );
  }

  /**
   * Called for a session that has just been made, and again at the end of its answer: by then it may have been
   * signed out, and must not come back.
   */
  override set(sid: string, session: SessionData, callback?: (error?: unknown) => void): void {
    if (this.#started.has(session)) {
      callback?.();
      return;
    }
    this.#started.add(session);
    const { user, access_token, accounts } = session;
    const data: GatewaySession = {
      ...(user && { user }),
      ...(access_token && { access_token }),
      ...(accounts && { accounts }),
    };
    this.#records.create(sid, data).then(
      () => callback?.(),
      (error: unknown) => callback?.(error),
    );
  }

  /** Nothing to do: reading a session has already extended its life. */
  override touch(_sid: string, _session: SessionData, callback?: () => void): void {
    callback?.();
  }

  override destroy(sid: string, callback?: (error?: unknown) => void): void {
    this.#records.destroy(sid).then(() => callback?.(), callback);
  }
}
