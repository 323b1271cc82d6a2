import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from '../support/browser.ts';
import { ask, askToSignIn, isJohn, isRedirect } from './answers.ts';

export type SignInLedger = AsyncDisposable & {
  /** How many sign-ins, and how many sign-outs, were acknowledged so far. */
  acknowledged(): { signIns: number; signOuts: number };
  stop(): Promise<void>;
  /** Where the gateway breaks, after `stop`, what it has acknowledged. */
  contradictions(): Promise<string[]>;
};

/**
 * Browsers that sign in, and every other one out again at once, over and over while the store comes and goes, and a
 * ledger of what they were promised. What is neither good nor 503 without a cookie is a contradiction, too.
 * `await using` stops them before the gateway goes.
 */
export function startSignInLedger(gateway: { url: string; browser(): Browser }): SignInLedger {
  const alive: Browser[] = [];
  /** The cookies of sessions that were signed out. */
  const dead: string[] = [];
  const wrong: string[] = [];
  let isOver = false;

  async function signIn(): Promise<Browser | undefined> {
    const browser = gateway.browser();
    const answer = await askToSignIn(browser);
    const hasCookie = (await browser.cookie('mcm_session')) !== undefined;
    if (isRedirect(answer) && hasCookie) return browser;
    if (answer.status !== 503 || hasCookie) wrong.push(`a sign-in: ${answer.status}, a cookie: ${hasCookie}`);
    return undefined;
  }

  async function signOut(browser: Browser): Promise<void> {
    const cookie = await browser.jar.getCookieString(gateway.url);
    const { status } = await ask(browser, '/api/logout');
    if (status === 200) dead.push(cookie);
    else if (status !== 503) wrong.push(`a sign-out: ${status}`);
  }

  async function work(): Promise<void> {
    for (let round = 0; !isOver; round++) {
      const browser = await signIn();
      if (browser && round % 2 === 0) alive.push(browser);
      else if (browser) await signOut(browser);
      await delay(20);
    }
  }
  const working = Promise.all([work(), work()]);
  const stop = async () => {
    isOver = true;
    await working;
  };

  return {
    acknowledged: () => ({ signIns: alive.length, signOuts: dead.length }),
    stop,
    [Symbol.asyncDispose]: stop,
    async contradictions() {
      const lost = alive.map(async (browser) => {
        const user = await ask(browser, '/api/user');
        const accounts = await ask(browser, '/api/accounts');
        const isThere = isJohn(user) && /"provider":"azure"/.test(JSON.stringify(accounts.body));
        return isThere ? [] : [`an acknowledged session: ${JSON.stringify([user, accounts])}`];
      });
      const risen = dead.map(async (cookie) => {
        const answer = await fetch(`${gateway.url}/api/user`, { headers: { cookie } });
        const body = await answer.text();
        return body === '{"logged_in":false}' ? [] : [`a session that was signed out: ${body}`];
      });
      return [...wrong, ...(await Promise.all([...lost, ...risen])).flat()];
    },
  };
}
