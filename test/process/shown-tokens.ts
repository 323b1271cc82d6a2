import { once } from 'node:events';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { GoogleDouble } from '../doubles/google-double.ts';
import type { Browser, GraphqlAnswer } from '../support/browser.ts';

/** The tokens of one Google account, as an answer shows them. */
export type ShownTokens = { email: string; access: string | null; refresh: string | null };

type RestAccount = { provider: string; email: string; access_token: string; refresh_token: string };
type GraphqlAccount = { email?: string; accessToken: string; refreshToken: string };

export const tokensQuery =
  '{ accounts { ... on ConnectedAccount { id } ... on GcpAccount { email accessToken refreshToken } } }';

/** What each face shows of the Google accounts of a browser's session; throws unless the answer is a good one. */
export const faces: Record<'REST' | 'GraphQL', (browser: Browser) => Promise<ShownTokens[]>> = {
  async REST(browser) {
    const answer = await browser.fetch('/api/accounts');
    if (answer.status !== 200) throw new Error(`REST answered ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as RestAccount[])
      .filter(({ provider }) => provider === 'gcp')
      .map(({ email, access_token, refresh_token }) => ({
        email,
        access: access_token,
        refresh: refresh_token,
      }));
  },
  GraphQL: async (browser) => shownIn(await browser.graphql(tokensQuery)),
};

function shownIn(answer: GraphqlAnswer): ShownTokens[] {
  if (answer.errors || !answer.data) throw new Error(`GraphQL answered ${JSON.stringify(answer)}`);
  return (answer.data.accounts as GraphqlAccount[]).flatMap(({ email, accessToken, refreshToken }) =>
    email === undefined ? [] : { email, access: accessToken, refresh: refreshToken },
  );
}

/** So many requests at once, of both faces in turn. */
export const manyRequests = (browser: Browser, count: number): Promise<ShownTokens[][]> =>
  Promise.all(Array.from({ length: count }, (_, at) => faces[at % 2 ? 'REST' : 'GraphQL'](browser)));

/**
 * A straggler: a request whose session the gateway has loaded, and whose body it still waits for. What it is
 * answered with, then, is decided long after it read its tokens.
 */
export async function startStraggler(browser: Browser): Promise<{ finish(): Promise<ShownTokens[]> }> {
  const started = request(`${browser.baseUrl}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      cookie: await browser.jar.getCookieString(browser.baseUrl),
      expect: '100-continue',
    },
  });
  started.flushHeaders();
  await once(started, 'continue');
  return {
    async finish() {
      const answered = once(started, 'response');
      started.end(JSON.stringify({ query: tokensQuery }));
      const [response] = await answered;
      return shownIn((await json(response)) as GraphqlAnswer);
    },
  };
}

/** The tokens that the Google double gave out last. */
export const lastIssued = ({ secrets }: GoogleDouble) => ({
  access: secrets.findLast((secret) => secret.startsWith('ya29.')) ?? 'none',
  refresh: secrets.findLast((secret) => secret.startsWith('1//')) ?? 'none',
});

/** The refresh tokens that the Google double was shown, in order. */
export const presented = ({ requests }: GoogleDouble): (string | undefined)[] =>
  requests
    .filter(({ values }) => values.grant_type === 'refresh_token')
    .map(({ values }) => values.refresh_token);
