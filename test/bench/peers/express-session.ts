import type { RequestHandler } from 'express';
import session from 'express-session';
import { cookieName, environment, idleMillis } from './environment.ts';
import { openSessionStore } from './session-store.ts';

/** express-session with the options that its documentation recommends to a store that has `touch`. */
export async function expressSession(): Promise<RequestHandler> {
  return session({
    name: cookieName,
    secret: environment.sessionSecret,
    store: await openSessionStore(environment.sessionStore),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', maxAge: idleMillis },
  });
}
