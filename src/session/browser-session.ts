import type { Request, Response } from 'express';
import { logoutIncomplete } from '../errors.ts';
import { type CookiePolicy, cookieValues } from './cookies.ts';
import { type GatewaySession, heldRecord } from './session-data.ts';
import type { SessionRecords } from './session-records.ts';

/** The session of the browser that sent a request, with the cookie that goes with it. */
export type BrowserSession = {
  /** What the session held when the request came, or after this request's own last change. */
  data(): GatewaySession;
  /** When it ends if it is not used again; undefined when there is none. */
  expiresAt(): Date | undefined;
  /** Starts a session under a new id; the id that the browser came with is dead at once. */
  start(data: GatewaySession): Promise<void>;
  /** Changes the session, keeping its id; false when it was ended meanwhile, and then nothing is changed. */
  update(change: (data: GatewaySession) => GatewaySession): Promise<boolean>;
  /** Deletes the record and expires the cookie. Does nothing for a browser without one. */
  end(): Promise<void>;
};

/** The session behind `req`, which `sessionMiddleware` has loaded. Its writes are committed when they resolve. */
export function browserSession(
  req: Request,
  res: Response,
  options: { records: SessionRecords; cookies: CookiePolicy },
): BrowserSession {
  const { records, cookies } = options;
  let { data, expiresAt } = req.session.record ?? { data: {} };
  let exists = cookieValues(req.headers.cookie, cookies.sessionName).length > 0;
  const forget = () => {
    data = {};
    expiresAt = undefined;
  };

  /** express-session takes the session off a request that has ended it. */
  async function freshSession(): Promise<void> {
    if (req.session) await called((done) => req.session.regenerate(done));
    else req.sessionStore.generate(req);
  }

  return {
    data: () => data,
    expiresAt: () => (expiresAt === undefined ? undefined : new Date(expiresAt)),

    async start(started) {
      try {
        await freshSession();
        Object.assign(req.session, { started: true, record: heldRecord({ data: started }) });
        await called((done) => req.session.save(done));
      } catch (error) {
        Reflect.deleteProperty(req, 'session'); // or the failure would be answered with the new session's cookie
        throw error;
      }
      data = started;
      exists = true;
    },

    async update(change) {
      const record = await records.update(req.sessionID, change);
      if (!record) {
        forget();
        return false;
      }
      data = record.data;
      expiresAt = record.expiresAt;
      return true;
    },

    async end() {
      if (!exists) return;
      try {
        await called((done) => req.session.destroy(done));
      } catch (cause) {
        throw logoutIncomplete(cause);
      }
      exists = false;
      res.clearCookie(cookies.sessionName, cookies.attributes);
      // A sign-in that was started before must not end in the session of whoever signs in next.
      if (cookieValues(req.headers.cookie, cookies.signInName).length > 0)
        res.clearCookie(cookies.signInName, cookies.attributes);
      forget();
    },
  };
}

function called(call: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}
