import type {} from 'express-session';

/** A connected account, with the property names of the original application. */
export type PeerAccount =
  | { provider: 'azure'; tenantId: string; displayName: string; subscriptions: string[] }
  | { provider: 'gcp'; email: string; displayName: string; access_token: string; refresh_token: string }
  | { provider: 'aws'; roleArn: string; displayName: string; externalId: string; accountId: string };

/** What a session holds, in every peer as in the gateway. */
export type PeerSession = {
  user?: Readonly<Record<string, unknown>>;
  access_token?: string;
  accounts?: readonly PeerAccount[];
  cookie: { expires?: Date | null | undefined };
};

declare module 'express-session' {
  interface SessionData extends Omit<PeerSession, 'cookie'> {}
}
