import { createHmac } from 'node:crypto';
import { testSecret } from './sealing.ts';

/** The Cookie header of a session, its id signed as express-session signs it (cookie-signature). */
export function sessionCookie(sid: string): string {
  const signature = createHmac('sha256', testSecret).update(sid).digest('base64').replace(/=+$/, '');
  return `mcm_session=${encodeURIComponent(`s:${sid}.${signature}`)}`;
}

/** The session id in the value of such a cookie; nothing is verified, the gateway does that. */
export const sessionId = (value = ''): string => decodeURIComponent(value).slice(2).split('.')[0] ?? '';
