import type {} from 'express-session';
import type { CloudAccount } from '../clouds/cloud.ts';

/** What the session of one browser holds; the names are those of the original application. */
export type GatewaySession = {
  /** Claims of the ID token of the first sign-in. */
  user?: Readonly<Record<string, unknown>>;
  /** The bearer token of that sign-in. */
  access_token?: string;
  accounts?: readonly CloudAccount[];
};

/** An empty user object is nobody, as it was in the original. */
export function isSignedIn(session: GatewaySession): boolean {
  return Object.keys(session.user ?? {}).length > 0;
}

declare module 'express-session' {
  interface SessionData extends GatewaySession {
    /** When the session ends if it is not used again, in milliseconds since 1970. Derived, never stored. */
    expiresAt?: number;
  }
}
