import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { CloudAccount } from '../../src/clouds/clouds.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { standardRole } from './connect-role.ts';
import { type Answer, type BusyGateway, startBusyGateway } from './start-busy-gateway.ts';

/**
 * How often a request was through before its session's logout, was overtaken by it when it had found the session, and
 * came after it. A listing changes nothing: of one that was overtaken nobody can tell.
 */
export type RacedLogouts = Record<
  'listing' | 'link' | 'read',
  Record<'before' | 'overtaken' | 'after', number>
>;

const roundsAtOnce = 20;

const user = { name: 'John Doe', iss: 'https://idp.example', sub: 'john' };
const azure: CloudAccount = { provider: 'azure', tenantId: '12345678-1234-1234-1234-123456789012' };

const listing = 'query { azureSubscriptions { id } }';
const logoutMutation = 'mutation { logout { message } }';
const whoIsThere = 'query { me { loggedIn } accounts { __typename } }';

/**
 * Signs sessions out of a whole gateway while a listing, a link and a refresh of tokens are under way in each, and
 * holds it to what logout promises: it is over with its answer, and nothing that was in flight undoes it.
 *
 * Each round has a session of its own; some of them run at once. `openStore` brings another store than LMDB.
 */
export async function raceLogouts(options: {
  rounds: number;
  openStore: () => Promise<SessionStore>;
}): Promise<RacedLogouts> {
  const { keysLeft, openStore } = notingKeys(options.openStore);
  const outcomes: RacedLogouts = { listing: nothing(), link: nothing(), read: nothing() };
  {
    await using gateway = await startBusyGateway({
      roleArns: [standardRole],
      listingMillis: 20,
      openStore,
    });
    const google = await expiredGoogleAccount(gateway);
    const race = createRace({ gateway, accounts: [azure, google], outcomes });
    let next = 0;
    async function keepRacing(): Promise<void> {
      try {
        while (next < options.rounds) await race(next++);
      } finally {
        next = options.rounds; // after a failure, too
      }
    }
    const racing = await Promise.allSettled(Array.from({ length: roundsAtOnce }, keepRacing));
    for (const end of racing) if (end.status === 'rejected') throw end.reason;
    expect(await keysLeft(gateway.store)).toEqual([]);
  }
  return outcomes;
}

/** How often the rarest of the outcomes came that can be told apart: without it there was no race. */
export const leastOf = ({ listing, link, read }: RacedLogouts): number =>
  Math.min(listing.before, listing.after, ...Object.values(link), ...Object.values(read));

function createRace(options: {
  gateway: BusyGateway;
  accounts: readonly CloudAccount[];
  outcomes: RacedLogouts;
}): (round: number) => Promise<void> {
  const { gateway, accounts, outcomes } = options;
  /** About how long what a logout races against takes, in milliseconds. */
  let usualMillis = 50;

  const aMomentOf = (share: number) => delay(Math.random() * share * usualMillis);

  async function signOut(cookie: string, round: number): Promise<Answer> {
    await aMomentOf(1.2);
    return round % 2 === 0 ? gateway.ask(cookie, '/api/logout') : gateway.graphql(cookie, logoutMutation);
  }

  async function listLinkAndRead(cookie: string): Promise<Answer[]> {
    const asks = [
      () => gateway.graphql(cookie, listing),
      () => gateway.ask(cookie, '/api/account/aws/add', { roleArn: standardRole }),
      () => gateway.ask(cookie, '/api/accounts'),
    ];
    const begun = performance.now();
    const answers = await Promise.all(asks.map(async (ask) => aMomentOf(0.3).then(ask)));
    usualMillis += (performance.now() - begun - usualMillis) / 100;
    return answers;
  }

  async function assertSignedOut(cookie: string, round: number): Promise<void> {
    if (round % 2 === 0) {
      const answer = await gateway.graphql(cookie, whoIsThere);
      expect(answer).toEqual({
        status: 200,
        setCookies: [],
        body: { data: { me: { loggedIn: false }, accounts: [] } },
      });
      return;
    }
    const answers = [await gateway.ask(cookie, '/api/user'), await gateway.ask(cookie, '/api/accounts')];
    const still = { status: 200, setCookies: [] };
    expect(answers).toEqual([
      { ...still, body: { logged_in: false } },
      { ...still, body: [] },
    ]);
  }

  return async (round) => {
    const { cookie, key } = await gateway.session({ user, accounts });
    const raced = listLinkAndRead(cookie);
    const loggedOut = await signOut(cookie, round);
    expect(loggedOut).toMatchObject({
      status: 200,
      setCookies: [expect.stringMatching(/^mcm_session=;.*Expires=Thu, 01 Jan 1970/)],
      body: round % 2 === 0 ? { message: 'Wylogowano' } : { data: { logout: { message: 'Wylogowano' } } },
    });
    expect(await gateway.store.get(key)).toBeUndefined();

    const answers = await raced;
    expect(answers.flatMap(({ setCookies }) => setCookies)).toEqual([]);
    count(outcomes, answers);
    await assertSignedOut(cookie, round);
    expect(await gateway.store.get(key)).toBeUndefined();
  };
}

const nothing = () => ({ before: 0, overtaken: 0, after: 0 });

/** Every request has few answers that are right, whenever the logout came. */
function count(outcomes: RacedLogouts, answers: readonly Answer[]): void {
  const [listed, linked, read] = answers.map(({ status, body }) => ({ status, body }));

  expect(listed).toEqual({ status: 200, body: { data: { azureSubscriptions: expect.any(Array) } } });
  outcomes.listing[JSON.stringify(listed?.body).includes('[]') ? 'after' : 'before'] += 1;

  if (linked?.status !== 201)
    expect(linked).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  const isOvertaken = JSON.stringify(linked?.body).includes('signed out meanwhile');
  outcomes.link[linked?.status === 201 ? 'before' : isOvertaken ? 'overtaken' : 'after'] += 1;

  expect(read).toEqual({ status: 200, body: expect.any(Array) });
  const shown = JSON.stringify(read?.body);
  expect(shown).not.toContain(expiredToken);
  const hasTokens = shown.includes('"access_token":"');
  outcomes.read[shown === '[]' ? 'after' : hasTokens ? 'before' : 'overtaken'] += 1;
}

const expiredToken = 'a token that has expired';

/** An account whose refresh token is good for any number of refreshes, as Google's are. */
async function expiredGoogleAccount(gateway: BusyGateway): Promise<CloudAccount> {
  const browser = gateway.browser();
  await browser.signIn('jane', '/api/login/google');
  const [account] = await browser.json<{ email: string; refresh_token: string }[]>('/api/accounts');
  if (!account) throw new Error('The sign-in with Google has connected no account');
  await browser.fetch('/api/logout');
  const { email, refresh_token } = account;
  return {
    provider: 'gcp',
    email,
    access_token: expiredToken,
    refresh_token,
    expires_at: 1,
    refresh_at: 1,
  };
}

/** A store of which is known which sessions and leases there have ever been. */
function notingKeys(open: () => Promise<SessionStore>) {
  const keys = new Set<string>();
  return {
    async openStore(): Promise<SessionStore> {
      const store = await open();
      return {
        ...store,
        create(key, ...rest) {
          keys.add(key);
          return store.create(key, ...rest);
        },
      };
    },
    async keysLeft(store: SessionStore): Promise<string[]> {
      const left: string[] = [];
      for (const key of keys) if ((await store.get(key)) !== undefined) left.push(key);
      return left;
    },
  };
}
