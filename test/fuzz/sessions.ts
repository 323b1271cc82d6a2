import { clouds } from '../../src/clouds/clouds.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { createSealing } from '../../src/session/sealing.ts';
import { createSessionRecords } from '../../src/session/session-records.ts';
import { openSessionStore } from '../../src/session/session-store.ts';
import { Browser } from '../support/browser.ts';
import { connectRole, standardRole } from '../support/connect-role.ts';
import { sessionId } from '../support/session-cookie.ts';
import type { Canaries } from './canaries.ts';
import type { StartedSignIn, World } from './inputs.ts';

/** How many sign-ins are begun for the inputs between two checks. */
const startedSignIns = 4;

const [sessionCookie, signInCookie] = ['mcm_session', 'mcm_sign_in'];

export type Sessions = AsyncDisposable & {
  world(): World;
  /** What is wrong with the gateway, and with the session that has to last. Signs in again who was signed out. */
  check(): Promise<string[]>;
};

/**
 * The signed-in browsers whose cookies the inputs carry. The tokens in their sessions are read from the store, as the
 * gateway shows none, and are canaries along with the ids of the sessions.
 */
export async function createSessions(options: {
  url: string;
  settings: Record<string, string>;
  canaries: Canaries;
}): Promise<Sessions> {
  const { url, settings, canaries } = options;
  const log = createLog({ level: 'fatal' });
  const config = readConfig(settings);
  const store = await openSessionStore(config, { log });
  const limits = { idleMinutes: config.sessionIdleMinutes, absoluteHours: config.sessionAbsoluteHours };
  const sealing = createSealing({ secrets: config.sessionSecrets ?? [], log });
  const records = createSessionRecords({ store, sealing, limits });
  let usedCode = '';

  async function signIn(browser: Browser, persona: string, path: string): Promise<void> {
    const callback = await browser.authorize(persona, path);
    usedCode = new URL(callback).searchParams.get('code') ?? '';
    canaries.add({ [`the authorization code for ${path}`]: usedCode });
    await browser.fetch(callback);
  }

  async function addSecrets(name: string, browser: Browser): Promise<void> {
    const cookie = (await browser.cookie(sessionCookie)) ?? '';
    const { access_token, accounts = [] } = (await records.load(sessionId(cookie)))?.data ?? {};
    if (!access_token) throw new Error(`The ${name} session is not in the store`);
    const tokens = accounts.flatMap((account) => [
      [
        `the access token of ${account.provider}`,
        'access_token' in account ? account.access_token : undefined,
      ],
      [
        `the refresh token of ${account.provider}`,
        'refresh_token' in account ? account.refresh_token : undefined,
      ],
    ]);
    const secrets = [
      ['the session id', sessionId(cookie)],
      ['the cookie', cookie],
      ['the access token', access_token],
      ...tokens,
    ];
    canaries.remove(name);
    for (const [what, secret] of secrets)
      if (typeof secret === 'string' && secret !== '') canaries.add({ [`${name} session: ${what}`]: secret });
  }

  const cookieOf = async (browser: Browser) => `${sessionCookie}=${await browser.cookie(sessionCookie)}`;

  const lasting = new Browser(url);
  await signIn(lasting, 'john', '/api/login/azure');
  await signIn(lasting, 'john', '/api/login/google');
  await connectRole(lasting, standardRole, 'REST');
  await addSecrets('lasting', lasting);

  let passing = lasting;
  async function renewPassing(): Promise<void> {
    passing = new Browser(url);
    await signIn(passing, 'john', '/api/login/azure');
    await addSecrets('passing', passing);
  }

  async function beginSignIn(at: number): Promise<StartedSignIn> {
    const offers = clouds.flatMap(({ signIn: offer }) => offer ?? []);
    const { loginPath, callbackPath } = offers[at % offers.length] ?? { loginPath: '', callbackPath: '' };
    const browser = new Browser(url);
    const begun = await browser.fetch(loginPath);
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const cookie = (await browser.cookie(signInCookie)) ?? '';
    canaries.add({ [`the cookie of started sign-in ${at}`]: cookie });
    return { callbackPath, state, cookie: `${signInCookie}=${cookie}` };
  }

  const isSignedIn = async (browser: Browser): Promise<boolean> =>
    JSON.stringify((await browser.graphql('{ me { loggedIn } }')).data) === '{"me":{"loggedIn":true}}';
  let world: World;

  async function makeWorld(): Promise<void> {
    if (passing === lasting || !(await isSignedIn(passing))) await renewPassing();
    world = {
      port: Number(new URL(url).port),
      cookies: { lasting: await cookieOf(lasting), passing: await cookieOf(passing) },
      started: await Promise.all(Array.from({ length: startedSignIns }, (_, at) => beginSignIn(at))),
      usedCode,
    };
  }

  await makeWorld();
  return {
    world: () => world,
    async check() {
      const health = (await fetch(`${url}/healthz`)).status;
      const isLasting = await isSignedIn(lasting);
      await makeWorld();
      return [
        ...(health === 200 ? [] : [`/healthz answers ${health}`]),
        ...(isLasting ? [] : ['the session that has to last is signed out']),
      ];
    },
    [Symbol.asyncDispose]: () => store.close(),
  };
}
