import type { Browser } from '../support/browser.ts';

/** An answer, as far as an outage of the store shows in it. */
export type Answer = {
  status: number;
  /** Of REST's body, or of GraphQL's first error. */
  code: string | undefined;
  body: unknown;
  retryAfter: string | null;
  location: string | null;
  setCookies: string[];
  milliseconds: number;
};

/** GETs a path, or POSTs a GraphQL query, and times it. */
export async function ask(browser: Browser, path: string, query?: string): Promise<Answer> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const startedAt = performance.now();
  const response = await browser.fetch(path, query ? { ...post, body: JSON.stringify({ query }) } : {});
  const text = await response.text();
  const milliseconds = performance.now() - startedAt;
  const body = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
  return {
    status: response.status,
    code: body.code ?? body.errors?.[0]?.extensions?.code,
    body,
    retryAfter: response.headers.get('retry-after'),
    location: response.headers.get('location'),
    setCookies: response.headers.getSetCookie(),
    milliseconds,
  };
}

/** A whole sign-in of John's: the last answer, of its start or its callback. */
export async function askToSignIn(browser: Browser): Promise<Answer> {
  const start = await ask(browser, '/api/login/azure');
  return start.location ? ask(browser, await browser.authorize('john', start.location)) : start;
}

/** Whether an answer sends the browser on, as those of a sign-in do. */
export const isRedirect = ({ status }: Answer): boolean => status === 302;

/** The fields by which an answer that the store kept from being a good one is recognized. */
export const outageOf = ({ status, code, retryAfter, setCookies }: Answer) => ({
  status,
  code,
  retryAfter,
  setCookies,
});

/** What a request is answered while the store does not answer; `setCookies` is empty: the cookie is left alone. */
export const unavailable = (code: 'SESSION_STORE_UNAVAILABLE' | 'LOGOUT_INCOMPLETE') => ({
  status: 503,
  code,
  retryAfter: '1',
  setCookies: [],
});

/**
 * When a request counts as hanging on its store, in milliseconds. The gateway's own deadline is below a second; the
 * rest is for a machine with other work, as it is in `recoveryMillis`.
 */
export const answerMillis = 4_000;

/** How long a gateway may take to serve again after its store is well again, in milliseconds; mostly it is a second. */
const recoveryMillis = 10_000;

/**
 * Asks until the answer is good.
 * @throws Error when an answer is neither good nor 503, and when none is good within `recoveryMillis`
 */
export async function untilGood(
  question: () => Promise<Answer>,
  isGood: (answer: Answer) => boolean,
): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await question();
    const milliseconds = performance.now() - startedAt;
    if (isGood(answer)) return;
    if (answer.status !== 503 || answer.setCookies.length > 0 || milliseconds > recoveryMillis)
      throw new Error(`After ${Math.round(milliseconds)} ms the answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether `/api/user` answered with John, who is signed in. */
export const isJohn = ({ status, body }: Answer): boolean =>
  status === 200 && JSON.stringify(body) === '{"logged_in":true,"name":"John Doe"}';

/** The session id in a browser's cookie, and its cookie. */
export async function sessionSecrets(browser: Browser): Promise<[sid: string, cookie: string]> {
  const cookie = (await browser.cookie('mcm_session')) ?? 'none';
  return [/^s:([^.]+)\./.exec(decodeURIComponent(cookie))?.[1] ?? 'none', cookie];
}
