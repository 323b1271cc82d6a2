import type { ApolloClient } from '@apollo/client';
import { createContext, useContext } from 'react';
import type { ConsoleQuery } from '../generated/graphql.ts';
import type { Failure } from './failures.ts';
import type { Offer } from './gateway-client.ts';

export type Me = ConsoleQuery['me'];
export type Account = ConsoleQuery['accounts'][number];

/** What the parts of the page may do with the session that is on show. Where it has ended, the page turns by itself. */
export type Session = {
  client: ApolloClient;
  offer: Offer;
  /** Aborted when this view is no longer on show. */
  signal: AbortSignal;
  /** Shows the session afresh, after a change; its accounts, or undefined when this person's session is over. */
  readAgain(): Promise<Account[] | undefined>;
  /** Whether a failure needs no telling: this view is over, or it is now, because this person is signed out. */
  hasEnded(failure: Failure): Promise<boolean>;
};

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('No session is on show here');
  return session;
}

export const isSamePerson = (one: Me, other: Me): boolean =>
  one.loggedIn === other.loggedIn && one.name === other.name && one.email === other.email;

const clouds = ['azure', 'gcp', 'aws'];

/** The accounts by cloud; those of one cloud in the order in which they were connected. */
export const byCloud = (accounts: readonly Account[]): Account[] =>
  accounts.toSorted((one, other) => clouds.indexOf(one.provider) - clouds.indexOf(other.provider));
