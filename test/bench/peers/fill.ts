import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import session from 'express-session';
import { environment, idleMillis } from './environment.ts';
import type { PeerSession } from './session-data.ts';
import { openSessionStore } from './session-store.ts';

/*
 * Puts sessions into a peer's store, through the store itself: `node fill.ts <file>`, the file being JSON, a list of
 * session ids and what the session of each holds.
 */

const [, , file = ''] = process.argv;
const sessions: [sid: string, data: Omit<PeerSession, 'cookie'>][] = JSON.parse(readFileSync(file, 'utf8'));
const store = await openSessionStore(environment.sessionStore);

const set = promisify(store.set.bind(store));
await Promise.all(
  sessions.map(([sid, data]) => {
    const cookie = Object.assign(new session.Cookie(), { sameSite: 'lax' as const, maxAge: idleMillis });
    return set(sid, { ...data, cookie });
  }),
);
process.exit(0);
