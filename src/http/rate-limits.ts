import type { Request, RequestHandler, Response } from 'express';
import { GatewayError } from '../errors.ts';
import { type Eventual, when } from '../eventual.ts';
import { isSignedIn } from '../session/session-data.ts';
import type { Count } from '../session/session-store.ts';
import { clientOf } from './client-address.ts';
import type { CountOf, RateCounter } from './rate-counter.ts';

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
const limitNames = Object.keys(rateLimits) as LimitName[];

/** What was counted for a request, by limit. */
export type Counted = Partial<Record<LimitName, Count>>;

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
  /** Asks the limit of a client, or a session, without Express: a request that was counted for it is not once more. */
  ask(name: 'client' | 'session', who: () => string, counted: Counted): Eventual<void>;
};

/** The limits; without a counter there are none. */
export function createRateLimits(counter: RateCounter | undefined): RateLimits {
  const counts = counter && new Map<LimitName, CountOf>(limitNames.map((name) => [name, counter(name)]));

  /** At once, where it is counted in memory. */
  function take(name: LimitName, who: string, counted: Counted): Eventual<void> {
    const taken = counts?.get(name)?.(who);
    if (!taken) return undefined;
    return when(taken, (count) => note(name, count, counted));
  }

  function note(name: LimitName, taken: Count, counted: Counted): void {
    counted[name] = taken;
    refuseBeyond(name, taken);
  }

  const ask: RateLimits['ask'] = (name, who, counted) => {
    const taken = counted[name];
    if (taken) refuseBeyond(name, taken);
    else if (counts) return take(name, who(), counted);
    return undefined;
  };

  /** Tells the client what was counted, also when it is refused. */
  async function told(res: Response, asked: (counted: Counted) => Eventual<void>): Promise<void> {
    res.locals.counted ??= {};
    const { counted } = res.locals;
    try {
      await asked(counted);
    } finally {
      const [policyName, policies, limitName, limits] = limitHeaders(counted);
      if (policyName && limitName) res.set({ [policyName]: policies, [limitName]: limits });
    }
  }

  return {
    ask,
    async perClient(req, res, next) {
      await told(res, (counted) => ask('client', () => clientOf(req.ip), counted));
      next();
    },
    async perSession(req, res, next) {
      const session = signedInSession(req);
      if (session !== undefined) await told(res, (counted) => ask('session', () => session, counted));
      next();
    },
    signIn: (req, res) => told(res, (counted) => take('sign-in', clientOf(req.ip), counted)),
    awsConnect: (req, res) =>
      told(res, (counted) => take('aws-connect', signedInSession(req) ?? clientOf(req.ip), counted)),
  };
}

/** @throws GatewayError RATE_LIMITED when that was one too many */
function refuseBeyond(name: LimitName, taken: Count): void {
  const { most, refusal } = rateLimits[name];
  if (taken.count <= most) return;
  const seconds = secondsLeft(taken);
  throw new GatewayError('RATE_LIMITED', `${refusal}; try again in ${seconds} s`, {
    details: { retryAfterSeconds: seconds },
  });
}

const secondsLeft = ({ endsInMillis }: Count): number => Math.max(1, Math.ceil(endsInMillis / 1000));

const policyOf = Object.fromEntries(
  limitNames.map((name) => [name, `"${name}";q=${rateLimits[name].most};w=${windowSeconds}`]),
) as Record<LimitName, string>;

/** Names and values in turn, one item for each limit that was asked (draft-ietf-httpapi-ratelimit-headers). */
export function limitHeaders(counted: Counted): string[] {
  let [policies, limits] = ['', ''];
  for (const name of limitNames) {
    const taken = counted[name];
    if (!taken) continue;
    const comma = limits === '' ? '' : ', ';
    policies += comma + policyOf[name];
    limits += `${comma}"${name}";r=${Math.max(0, rateLimits[name].most - taken.count)};t=${secondsLeft(taken)}`;
  }
  return limits === '' ? [] : ['RateLimit-Policy', policies, 'RateLimit', limits];
}

/** express-session takes the session off a request that has ended it. */
const signedInSession = (req: Request): string | undefined =>
  isSignedIn(req.session?.record?.data ?? {}) ? req.sessionID : undefined;
