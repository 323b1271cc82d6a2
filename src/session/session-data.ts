import { isDeepStrictEqual } from 'node:util';
import type {} from 'express-session';
import type { CloudAccount } from '../clouds/clouds.ts';

/** What the session of one browser holds; the names are those of the original application. */
export type GatewaySession = {
  /** Claims of the ID token of the first sign-in. */
  user?: Readonly<Record<string, unknown>>;
  /** The bearer token of that sign-in. */
  access_token?: string | undefined;
  accounts?: readonly CloudAccount[];
};

/** An empty user object is nobody, as it was in the original. */
export function isSignedIn(session: GatewaySession): boolean {
  return Object.keys(session.user ?? {}).length > 0;
}

/** The user of a session to which somebody connected a role without signing in, as the original named them. */
const roleOnlyUser = { name: 'Konto AWS' };

/** A session that begins with a connected account rather than with a sign-in. */
export const sessionWithoutSignIn = (accounts: readonly CloudAccount[]): GatewaySession => ({
  user: roleOnlyUser,
  accounts,
});

/** Whether the user is known by a sign-in, rather than by nothing but a connected role. */
export const isFromSignIn = ({ user = {} }: GatewaySession): boolean =>
  Object.keys(user).length > 0 && !isDeepStrictEqual(user, roleOnlyUser);

declare module 'express-session' {
  interface SessionData {
    /** What the session holds, as it came from the store, or is to be started with. */
    record?: HeldRecord;
    /** Set in one that is to be started: the change by which express-session knows that it needs a cookie. */
    started?: true;
  }
}

/** `expiresAt`: when the session ends if it is not used again, in milliseconds since 1970; known once it is stored. */
type HeldRecord = { data: GatewaySession; expiresAt?: number; toJSON(): undefined };

/**
 * A record as it hangs on an express-session. That hashes its session twice in each request, to know whether it was
 * changed; what is in a record changes through `SessionRecords` alone, so it is kept out of that.
 */
export const heldRecord = (record: { data: GatewaySession; expiresAt?: number }): HeldRecord => ({
  ...record,
  toJSON: () => undefined,
});
