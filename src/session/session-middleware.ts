import type { RequestHandler } from 'express';
import session from 'express-session';
import type { CookiePolicy } from './cookies.ts';
import { ExpressSessionStore } from './express-session-store.ts';
import type { SessionRecords } from './session-records.ts';

/**
 * express-session, set up to read a session and to start one at sign-in. A request that does not sign in gets no
 * cookie and makes no record.
 */
export function sessionMiddleware(options: {
  records: SessionRecords;
  cookies: CookiePolicy;
  secrets: string[];
}): RequestHandler[] {
  const { records, cookies, secrets } = options;
  const expressSession = session({
    name: cookies.sessionName,
    secret: secrets,
    store: new ExpressSessionStore(records),
    cookie: cookies.attributes,
    resave: false,
    saveUninitialized: false,
    rolling: false,
  });
  return cookies.attributes.secure ? [declareHttps, expressSession] : [expressSession];
}

/**
 * express-session sends a Secure cookie only where `req.secure` says so, which behind a proxy that ends TLS is
 * false: sign-in would silently not stick. The public URL is configuration here, so it decides.
 */
const declareHttps: RequestHandler = (req, _res, next) => {
  Object.defineProperty(req, 'secure', { value: true });
  next();
};
