import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { useEffect, useRef, useState } from 'react';
import { ConsoleSubscriptionsDocument, type ConsoleSubscriptionsQuery } from '../generated/graphql.ts';
import { announce } from './announcer.tsx';
import { type Failure, failureOf, graphqlFailure } from './failures.ts';
import { useTexts } from './language.tsx';
import { type Account, useSession } from './session.ts';

type Listed = Extract<ConsoleSubscriptionsQuery['accounts'][number], { __typename: 'AzureAccount' }>;
export type Subscription = NonNullable<Listed['subscriptionDetails']>[number];

/** The live subscriptions of one tenant: on their way, here, or why not. */
export type Listing =
  | { state: 'loading' }
  | { state: 'listed'; subscriptions: readonly Subscription[] }
  | { state: 'failed'; failure: Failure };

/**
 * Lists the subscriptions of the Azure accounts, each with its own wait and its own failure. They are a query of
 * their own, so that a slow cloud never holds up the page.
 */
export function useSubscriptions(accounts: readonly Account[]): {
  of(accountId: string): Listing | undefined;
  retry(accountId: string): void;
} {
  const texts = useTexts();
  const { client, signal } = useSession();
  const [listings, setListings] = useState<ReadonlyMap<string, Listing>>(new Map());
  const asked = useRef(new Set<string>());

  const put = (entries: [string, Listing][]) => setListings((now) => new Map([...now, ...entries]));

  async function load(ids: string[]): Promise<void> {
    for (const id of ids) asked.current.add(id);
    put(ids.map((id) => [id, { state: 'loading' }]));
    announce(texts.loadingSubscriptions);
    const answer = client.query({
      query: ConsoleSubscriptionsDocument,
      fetchPolicy: 'network-only',
      errorPolicy: 'all',
    });
    // It rejects when the view ends meanwhile.
    const { data, error } = await answer.catch((error: unknown) => ({ data: undefined, error }));
    if (signal.aborted) return;
    const listed = ids.map((id): [string, Listing] => [id, listingOf(id, data, error)]);
    put(listed);
    const failed = listed.filter(([, { state }]) => state === 'failed').length;
    announce(failed ? texts.subscriptionsFailed(failed, ids.length) : texts.subscriptionsLoaded);
  }

  const fresh = accounts
    .filter(({ id, __typename }) => __typename === 'AzureAccount' && !asked.current.has(id))
    .map(({ id }) => id);
  const freshIds = fresh.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once, when an account appears
  useEffect(() => {
    if (fresh.length > 0) void load(fresh);
  }, [freshIds]);

  return { of: (id) => listings.get(id), retry: (id) => void load([id]) };
}

/** Answers are matched by account id: another tab may have connected an account in the meantime. */
function listingOf(id: string, data: ConsoleSubscriptionsQuery | undefined, error: unknown): Listing {
  if (!data) return { state: 'failed', failure: failureOf(error) };
  const index = data.accounts.findIndex((account) => account.id === id);
  const account = data.accounts[index];
  if (account?.__typename === 'AzureAccount' && account.subscriptionDetails)
    return { state: 'listed', subscriptions: account.subscriptionDetails };
  const errors = CombinedGraphQLErrors.is(error) ? error.errors : [];
  const own = errors.find(({ path }) => path?.[0] === 'accounts' && path[1] === index);
  return { state: 'failed', failure: own ? graphqlFailure(own) : { kind: 'notListed' } };
}
