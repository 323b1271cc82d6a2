import { ada } from '../doubles/azure-double.ts';
import { hedy } from '../doubles/google-double.ts';
import { Browser } from '../support/browser.ts';
import { connectRole, faces, standardRole } from '../support/connect-role.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import { callbackOf } from './callback-of.ts';
import { returning } from './returning.ts';
import { createSessionLedger, type Observed } from './session-ledger.ts';

/** The accounts that the doubles of the clouds let a browser connect, and whose they are. */
type SignIn = { provider: 'azure' | 'google'; account: string; name: string };
const azure: SignIn = { provider: 'azure', account: `azure:${ada.tid}`, name: ada.name };
const google: SignIn = { provider: 'google', account: `gcp:${hedy.email}`, name: hedy.name ?? '' };
const role = `aws:${standardRole}`;

const everything = '{ me { loggedIn name } accounts { ... on ConnectedAccount { id } } }';
const disconnection = 'mutation ($id: ID!) { disconnectAccount(id: $id) { id } }';

/** What was answered to busy browsers, and what they were left without an answer to. */
export type Tally = Map<string, number>;

export type BusyBrowser = {
  /** Signs in, links, connects, disconnects and signs out, until its gateway is gone. */
  work(isGone: () => boolean): Promise<void>;
  /** Turns to the gateway at `url`, and says where that one breaks what another has promised. */
  contradictionsAt(url: string): Promise<string[]>;
};

/** A browser that changes its session all the time and keeps a ledger of what it was promised. */
export function createBusyBrowser(options: { url: string; random: SeededRandom; tally: Tally }): BusyBrowser {
  const { random, tally } = options;
  const ledger = createSessionLedger();
  let browser = new Browser(options.url);
  /** A sign-in that has come back from the provider, its callback not asked yet. */
  let begun: { of: SignIn; callback: string } | undefined;
  let endedChecked = 0;

  const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);

  function expectAnswer(what: string, isRight: boolean, answer: unknown): void {
    if (!isRight) throw new Error(`${what} was answered with ${JSON.stringify(answer)}`);
    count(what);
  }

  async function beginSignIn(): Promise<void> {
    const of = random.pick([azure, google]);
    begun = { of, callback: await callbackOf(browser, of.provider) };
  }

  async function finishSignIn({ of, callback }: NonNullable<typeof begun>): Promise<void> {
    begun = undefined;
    const isLink = ledger.session() !== undefined;
    const linked = ledger.changing(of.account, 'there');
    const { pathname, search } = new URL(callback);
    const { status } = await browser.fetch(pathname + search);
    expectAnswer(isLink ? 'a link' : 'a sign-in', status === 302, status);
    const cookie = await browser.cookie('mcm_session');
    if (isLink) linked();
    else ledger.started({ cookie: cookie ?? 'none', name: of.name, account: of.account });
  }

  async function connect(): Promise<void> {
    const connected = ledger.changing(role, 'there');
    const { status, code } = await connectRole(browser, standardRole, random.pick(faces));
    expectAnswer('a connect', status < 300 && code === undefined, { status, code });
    connected();
  }

  async function disconnect(account: string): Promise<void> {
    const disconnected = ledger.changing(account, 'gone');
    const { errors } = await browser.graphql(disconnection, { id: account });
    expectAnswer('a disconnect', errors === undefined, errors);
    disconnected();
  }

  async function logout(): Promise<void> {
    const ended = ledger.ending();
    if (random.pick(faces) === 'REST') {
      const { status } = await browser.fetch('/api/logout');
      expectAnswer('a logout', status === 200, status);
    } else {
      const { errors } = await browser.graphql('mutation { logout { message } }');
      expectAnswer('a logout', errors === undefined, errors);
    }
    ended();
  }

  async function step(): Promise<void> {
    if (begun) {
      const also = ledger.session() && random.pick([true, false]) ? [connect()] : [];
      const outcomes = await Promise.allSettled([finishSignIn(begun), ...also]);
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      return;
    }
    const session = ledger.session();
    const [first, ...more] = [...(session?.accounts ?? [])].flatMap(([id, is]) =>
      is === 'there' ? [id] : [],
    );
    const choice = session ? random.pick(['begin', 'begin', 'connect', 'disconnect', 'logout']) : 'begin';
    if (choice === 'begin') await beginSignIn();
    if (choice === 'connect') await connect();
    if (choice === 'disconnect' && first !== undefined) await disconnect(random.pick([first, ...more]));
    if (choice === 'logout') await logout();
  }

  async function observed(): Promise<Observed> {
    const user = await answered(await browser.fetch('/api/user'));
    const { data } = await browser.graphql(everything);
    const { me, accounts } = data as {
      me: { loggedIn: boolean; name: string | null };
      accounts: { id: string }[];
    };
    if (me.loggedIn !== user.logged_in) throw new Error('REST and GraphQL do not agree');
    return { ...me, accounts: accounts.map(({ id }) => id) };
  }

  /** Sessions that have ended since the last time, and one from before. */
  async function risen(): Promise<string[]> {
    const { ended } = ledger;
    const suspects = ended.slice(Math.max(0, endedChecked - 1));
    const earlier = ended[random.integer(0, Math.max(0, ended.length - 1))];
    if (earlier !== undefined) suspects.push(earlier);
    endedChecked = ended.length;
    const users = suspects.map(async (cookie) => {
      const answer = await fetch(`${browser.baseUrl}/api/user`, {
        headers: { cookie: `mcm_session=${cookie}` },
      });
      return (await answered(answer)).logged_in ? ['a session that was signed out is back'] : [];
    });
    return (await Promise.all(users)).flat();
  }

  return {
    async work(isGone) {
      try {
        while (!isGone()) await step();
      } catch (error) {
        // fetch has a TypeError for a connection that is cut or refused.
        if (!(error instanceof TypeError && isGone())) throw error;
        count('no answer');
      }
    },

    async contradictionsAt(url) {
      browser = await returning(browser, url);
      return [...ledger.contradictions(await observed()), ...(await risen())];
    },
  };
}

async function answered(answer: Response): Promise<{ logged_in: boolean }> {
  if (answer.status !== 200) throw new Error(`/api/user answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as { logged_in: boolean };
}
