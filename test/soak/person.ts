import { GOOGLE_PEOPLE, PEOPLE } from '../../src/sandbox/people.ts';
import { Browser } from '../support/browser.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import { type Answer, type Ask, byBrowser, type Question } from './asking.ts';

/** Somebody of the sandbox, and the account that a sign-in as them connects. */
export type Identity = {
  provider: 'azure' | 'google';
  persona: string;
  name: string | null;
  account: string;
  /** What listing their subscriptions is always answered with. */
  listingCode?: string;
};

const listingCodes: Record<string, string> = { denied: 'AZURE_FORBIDDEN', throttled: 'AZURE_THROTTLED' };

/** The slow one is there too: those who hang up on their listing are signed in as nobody else. */
export const azureIdentities: Identity[] = PEOPLE.map(({ id, name = null, tenantId }) => ({
  provider: 'azure',
  persona: id,
  name,
  account: `azure:${tenantId}`,
  ...(listingCodes[id] !== undefined && { listingCode: listingCodes[id] }),
}));

/** Not those whom a sign-in asks again, or has no e-mail address from. */
export const googleIdentities: Identity[] = GOOGLE_PEOPLE.flatMap(
  ({ id, name = null, email, deniesOffline }) =>
    email === undefined || deniesOffline
      ? []
      : [{ provider: 'google', persona: id, name, account: `gcp:${email}` }],
);

/** A browser, and what its session has to hold by all that was answered to it. */
export type Person = {
  browser: Browser;
  random: SeededRandom;
  ask(question: Omit<Question, 'send' | 'shown'> & { path: string; init?: RequestInit }): ReturnType<Ask>;
  /** Undefined while signed out. */
  user: { name: string | null } | undefined;
  /** The connected accounts in their order; roles of AWS are connected as nobody. */
  accounts: Map<string, Identity | undefined>;
};

/** A browser that has not been here before. */
export function createPerson(options: { url: string; random: SeededRandom; ask: Ask }): Person {
  const { url, random, ask } = options;
  const browser = new Browser(url);
  const person: Person = {
    browser,
    random,
    user: undefined,
    accounts: new Map(),
    ask: ({ path, init, ...question }) =>
      ask({
        ...question,
        shown: `${init?.method ?? 'GET'} ${path} ${init?.body ?? ''} (signed in as ${person.user?.name}, with ${[...person.accounts.keys()]})`,
        send: byBrowser(browser, path, init),
      }),
  };
  return person;
}

/** A JSON body as POST. */
export const post = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** A GraphQL operation, as path and init. */
export const graphql = (query: string, variables: object = {}) => ({
  path: '/graphql',
  init: post({ query, variables }),
});

/** What a GraphQL operation gave; undefined where it failed. */
export function dataOf({ status, body, codes }: Answer): Record<string, unknown> | undefined {
  return status === 200 && codes.length === 0 ? (body as { data?: Record<string, unknown> }).data : undefined;
}
