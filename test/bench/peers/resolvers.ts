import { readdirSync, readFileSync } from 'node:fs';
import { DateTimeISOResolver } from 'graphql-scalars';
import type { PeerAccount, PeerSession } from './session-data.ts';

const schemaFolder = new URL('../../../schema/', import.meta.url);

/** The gateway's own schema. */
export const typeDefs = readdirSync(schemaFolder)
  .map((file) => readFileSync(new URL(file, schemaFolder), 'utf8'))
  .join('\n');

/** What resolvers are given: the session that the framework's own session plugin has loaded. */
export type PeerContext = { session: PeerSession };

const typeNames = { azure: 'AzureAccount', gcp: 'GcpAccount', aws: 'AwsAccount' } as const;

/** The type of an account in the schema. */
export const typeNameOf = ({ provider }: PeerAccount): string => typeNames[provider];

/** Resolvers of what is measured; the rest of the schema has none. */
export const resolvers = {
  DateTime: DateTimeISOResolver,
  Query: {
    me(_root: unknown, _args: unknown, { session: { user, cookie } }: PeerContext) {
      const loggedIn = Object.keys(user ?? {}).length > 0;
      return {
        loggedIn,
        name: user?.name ?? null,
        email: user?.email ?? null,
        sessionExpiresAt: loggedIn ? cookie.expires : null,
      };
    },
    accounts: (_root: unknown, _args: unknown, { session }: PeerContext) => session.accounts ?? [],
  },
  AzureAccount: { id: ({ tenantId }: { tenantId: string }) => `azure:${tenantId}` },
  GcpAccount: { id: ({ email }: { email: string }) => `gcp:${email}` },
  AwsAccount: { id: ({ roleArn }: { roleArn: string }) => `aws:${roleArn}` },
};
