import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type AzureDoubleState, ada, twoPages } from './azure-double.ts';
import { createEntraDouble } from './entra-double.ts';
import { createIdTokenSigner } from './id-token.ts';

const verifier = 'a-code-verifier-of-43-characters-or-more-0123456789';
const redirectUri = 'http://localhost:5000/getAToken';
const client = { client_id: 'client', client_secret: 'client-secret' };
const asked = {
  client_id: 'client',
  redirect_uri: redirectUri,
  response_type: 'code',
  state: 'state',
  nonce: 'nonce',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
};

async function createProvider() {
  const state: AzureDoubleState = {
    clientId: 'client',
    clientSecret: 'client-secret',
    homeTenant: ada.tid,
    requests: [],
    secrets: [],
    applicationTokens: new Map(),
    person: ada,
    flaw: undefined,
    failing: new Map(),
    listed: twoPages,
    delayMillis: 0,
    beforeListing: async () => {},
    beforeApplicationToken: async () => {},
  };
  const answer = createEntraDouble(state, await createIdTokenSigner());
  const ask = (method: string, endpoint: string, values: Record<string, string>) => {
    const query = new URLSearchParams(values);
    const url = new URL(`https://localhost/${ada.tid}/oauth2/v2.0/${endpoint}`);
    if (method === 'GET') url.search = query.toString();
    const form = method === 'POST' ? query : new URLSearchParams();
    return answer({ method, url, form, authorization: undefined });
  };
  const grant = async () => {
    const answer = await ask('GET', 'authorize', asked);
    const location = answer === 'cut' ? undefined : answer.location;
    const code = new URL(location ?? '').searchParams.get('code') ?? '';
    const sent = { grant_type: 'authorization_code', redirect_uri: redirectUri, code_verifier: verifier };
    return { ...client, ...sent, code };
  };
  return { ask, grant };
}

test('the double takes a code once, from the client that asked for it', async () => {
  const { ask, grant } = await createProvider();
  const sent = await grant();
  expect(await ask('POST', 'token', sent)).toMatchObject({ status: 200 });
  expect(await ask('POST', 'token', sent)).toMatchObject({ body: { error: 'invalid_grant' } });
});

test.each([
  [{ client_secret: 'wrong' }, 'invalid_client'],
  [{ code_verifier: 'wrong' }, 'invalid_grant'],
  [{ redirect_uri: 'http://localhost:5001/getAToken' }, 'invalid_grant'],
  [{ code: 'wrong' }, 'invalid_grant'],
  [{ grant_type: 'password' }, 'unsupported_grant_type'],
  [{ grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' }, 'invalid_scope'],
])('the double refuses a token request with %o', async (change, error) => {
  const { ask, grant } = await createProvider();
  const answer = await ask('POST', 'token', { ...(await grant()), ...change });
  expect(answer).toMatchObject({ status: 400, body: { error } });
});

test.each(['code_challenge', 'state', 'nonce', 'redirect_uri', 'client_id', 'response_type'])(
  'the double sends nobody back who comes without %s',
  async (missing) => {
    const { ask } = await createProvider();
    expect(await ask('GET', 'authorize', { ...asked, [missing]: '' })).toMatchObject({ status: 400 });
  },
);
