import { type SessionData, Store } from 'express-session';
import { heldRecord } from './session-data.ts';
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
    this.#load(sid).then((session) => callback(null, session), callback);
  }

  async #load(sid: string): Promise<SessionData | undefined> {
    const record = await this.#records.load(sid);
    return record && { record: heldRecord(record), cookie: { originalMaxAge: null } };
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
    this.#records.create(sid, session.record?.data ?? {}).then(
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
