import type { Request, RequestHandler, Response } from 'express';
import { GatewayError } from '../errors.ts';
import { recordKey } from '../session/record-key.ts';
import { isSignedIn } from '../session/session-data.ts';
import { clientOf } from './client-address.ts';
import type { RateCounter } from './rate-counter.ts';

/** The window of all limits: it begins with the first request that is counted in it. */
export const windowSeconds = 60;

/** How often in a window, by the name that the headers have for the limit. */
export const rateLimits = {
  client: { most: 3000, refusal: 'Too many requests from your address' },
  session: { most: 1200, refusal: 'Too many requests of your session' },
  'sign-in': { most: 60, refusal: 'Too many sign-ins were started from your address' },
  'aws-connect': { most: 20, refusal: 'Too many AWS roles were to be connected' },
} as const;

type LimitName = keyof typeof rateLimits;

/** Each asks one limit, tells the client in headers how much of it is left, and throws RATE_LIMITED beyond it. */
export type RateLimits = {
  /** Comes before the session is loaded: who is over this limit costs no reading. */
  perClient: RequestHandler;
  /** Comes after it: a session id that nobody has given out is nobody's. */
  perSession: RequestHandler;
  /** For a sign-in that is about to be started, which is a record in the store. Per client. */
  signIn(req: Request, res: Response): Promise<void>;
  /** For a role that AWS is about to be asked for. Per session; per client where nobody is signed in. */
  awsConnect(req: Request, res: Response): Promise<void>;
};

/** The limits; without a counter there are none. */
export function createRateLimits(count: RateCounter | undefined): RateLimits {
  async function take(name: LimitName, who: string, res: Response): Promise<void> {
    if (!count) return;
    const { most, refusal } = rateLimits[name];
    const taken = await count(recordKey('limit', `${name} ${who}`));
    const seconds = Math.max(1, Math.ceil(taken.endsInMillis / 1000));
    setItem(res, 'RateLimit-Policy', { name, parameters: `q=${most};w=${windowSeconds}` });
    setItem(res, 'RateLimit', { name, parameters: `r=${Math.max(0, most - taken.count)};t=${seconds}` });
    if (taken.count <= most) return;
    throw new GatewayError('RATE_LIMITED', `${refusal}; try again in ${seconds} s`, {
      details: { retryAfterSeconds: seconds },
    });
  }

  return {
    async perClient(req, res, next) {
      await take('client', clientOf(req.ip), res);
      next();
    },
    async perSession(req, res, next) {
      const session = signedInSession(req);
      if (session !== undefined) await take('session', session, res);
      next();
    },
    signIn: (req, res) => take('sign-in', clientOf(req.ip), res),
    awsConnect: (req, res) => take('aws-connect', signedInSession(req) ?? clientOf(req.ip), res),
  };
}

/** express-session takes the session off a request that has ended it. */
const signedInSession = (req: Request): string | undefined =>
  req.session && isSignedIn(req.session) ? req.sessionID : undefined;

/** One item for each limit that was asked, the last time (draft-ietf-httpapi-ratelimit-headers). */
function setItem(res: Response, header: string, item: { name: LimitName; parameters: string }): void {
  const begin = `"${item.name}";`;
  const others = res.get(header)?.split(', ') ?? [];
  const items = [...others.filter((other) => !other.startsWith(begin)), begin + item.parameters];
  res.set(header, items.join(', '));
}
