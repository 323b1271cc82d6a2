import type { Page } from 'playwright-core';
import type { Browser } from '../support/browser.ts';
import { standardRole } from '../support/connect-role.ts';
import { startGateway } from '../support/start-gateway.ts';
import { type Arrivals, watchArrivals } from './arrivals.ts';
import type { Chromium } from './chromium.ts';
import { ask, linkAccount, signIn } from './console-page.ts';
import { runOnPage, startForeignSite } from './foreign-site.ts';

/** John, signed in at a gateway with two accounts, in a browser that also shows pages of other origins. */
export type Scene = AsyncDisposable & {
  /** The front end that is listed in CORS_ORIGINS. */
  frontEnd: string;
  /** The port of the foreign site, which answers to localhost and to 127.0.0.1. */
  foreignPort: number;
  arrivals: Arrivals;
  /** The gateway's own page in John's browser. */
  john: Page;
  /** What John's session held from the start; see `sessionOf`. */
  held: string;
  /** What no foreign page may get hold of. */
  secrets: string[];
  /** Somebody whose sign-in as Jane waits at its callback, to be pushed on John. */
  attacker: { browser: Browser; callback: string };
  /** The same person in another browser, which has the cookie without the pages of a sign-in. */
  signInAgain(): Promise<Page & AsyncDisposable>;
  /** Another tab of the browser; closed with `await using`, and the windows that it has opened with it. */
  openTab(page: Page, origin: string): Promise<Page & AsyncDisposable>;
  /** Runs a script of the tables, its words in capitals filled in; what the page could read. */
  run(tab: Page, script: string): Promise<string>;
};

/** Starts everything, and signs John in with Microsoft and Google. */
export async function startScene(chromium: Chromium): Promise<Scene> {
  await using opened = new AsyncDisposableStack();
  const frontEndSite = opened.use(await startForeignSite());
  const foreign = opened.use(await startForeignSite());
  const frontEnd = `http://localhost:${frontEndSite.port}`;
  const gateway = opened.use(await startGateway({ env: { CORS_ORIGINS: frontEnd } }));
  const arrivals = opened.use(watchArrivals(gateway.url));
  const john = opened.use(await chromium.open(gateway.url));
  await signIn(john, 'John Doe');
  await linkAccount(john, 'John Doe', 'Google');
  // The console asks again whenever its tab comes to the front, which other tabs make it do all the time.
  await john.waitForLoadState('networkidle');
  await john.goto(`${gateway.url}/api/user`);
  const browser = gateway.browser();
  const callback = await browser.authorize('jane', '/api/login/google');
  const words = {
    GATEWAY: gateway.url,
    CALLBACK: callback,
    CHANGES: changes,
    QUESTION: question,
    ROLE: standardRole,
  };
  const all = opened.move();
  return {
    frontEnd,
    foreignPort: foreign.port,
    arrivals,
    john,
    held: await sessionOf(john),
    secrets: await secretsOf(john),
    attacker: { browser, callback },
    async signInAgain() {
      const again = gateway.browser();
      for (const login of ['azure', 'google']) await again.signIn('john', `/api/login/${login}`);
      const page = await chromium.open(`${gateway.url}/api/user`);
      const value = await again.cookie('mcm_session');
      await page.context().addCookies([{ name: 'mcm_session', value: value ?? '', url: gateway.url }]);
      return page;
    },
    openTab,
    run(tab, script) {
      let source = script;
      for (const [name, value] of Object.entries(words)) source = source.replaceAll(name, value);
      return runOnPage(tab, source);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Every change that GraphQL offers, in one operation. */
const changes = `{ query: 'mutation { connectAwsAccount(roleArn: "${standardRole}") { account { id } } \
disconnectAccount(id: "gcp:john.doe@example.com") { id } logout { message } }' }`;

/** Everything about the person, in one question. */
const question =
  "{ query: '{ me { name email } accounts { id displayName ... on GcpAccount { accessToken } } }' }";

/** All that the session of this browser answers to the gateway's own page, and under which cookie. */
export async function sessionOf(page: Page): Promise<string> {
  const query = '{ me { loggedIn name email } accounts { ... on ConnectedAccount { id displayName } } }';
  const answers = await Promise.all([ask(page, '/graphql', { query }), ask(page, '/api/accounts')]);
  const cookies = await page.context().cookies(page.url());
  return JSON.stringify([...answers, cookies.find(({ name }) => name === 'mcm_session')?.value]);
}

/** Words that are in the answers of the gateway, of refusals too, and in no script of an attack. */
const wordsOfAnswers = ['logged_in', 'loggedIn', 'requestId', 'FORBIDDEN_ORIGIN', 'refresh_token'];

/** The person, the accounts, the tokens, the external id, the cookies, and any answer at all. */
async function secretsOf(page: Page): Promise<string[]> {
  const accounts = (await ask(page, '/api/accounts')) as Record<string, string>[];
  const { externalId } = (await ask(page, '/api/account/aws/config')) as Record<string, string>;
  const tokens = accounts.flatMap((account) => [
    account.tenantId,
    account.access_token,
    account.refresh_token,
  ]);
  const cookies = (await page.context().cookies(page.url())).map(({ value }) => value);
  const secrets = ['John Doe', ...tokens, externalId, ...cookies, ...wordsOfAnswers];
  return secrets.filter((secret): secret is string => secret !== undefined && secret !== '');
}

async function openTab(page: Page, origin: string): Promise<Page & AsyncDisposable> {
  const context = page.context();
  const before = new Set(context.pages());
  const tab = await context.newPage();
  await tab.goto(`${origin}/`);
  return Object.assign(tab, {
    async [Symbol.asyncDispose]() {
      for (const other of context.pages()) if (!before.has(other)) await other.close();
    },
  });
}
