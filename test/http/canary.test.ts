import { expect, it } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';

/** Collects what must never be seen outside the cookie and the provider's own answers. */
async function secretsOfASignIn(gateway: Awaited<ReturnType<typeof startGateway>>) {
  const browser = gateway.browser();
  const callback = await browser.authorize('john');
  const { searchParams } = new URL(callback);
  await browser.fetch(callback);
  const cookie = decodeURIComponent((await browser.cookie('mcm_session')) ?? '');
  return {
    browser,
    callback,
    secrets: {
      code: searchParams.get('code') ?? '',
      state: searchParams.get('state') ?? '',
      sessionId: cookie.slice(2).split('.')[0] ?? '',
      binding: (await browser.cookie('mcm_sign_in')) ?? '',
      clientSecret: gateway.sandbox.env.AZURE_CLIENT_SECRET,
    },
  };
}

it('no code, state, session id or secret is in a log line or an answer, whatever goes wrong', async () => {
  await using gateway = await startGateway({ env: { AZURE_TIMEOUT_MS: '1000' } });
  const { browser, callback, secrets } = await secretsOfASignIn(gateway);
  for (const secret of Object.values(secrets)) expect(secret.length).toBeGreaterThan(15);

  const answers: string[] = [];
  const ask = async (path: string, init?: RequestInit) => {
    const answer = await browser.fetch(path, init);
    answers.push(
      JSON.stringify([...answer.headers].filter(([name]) => name !== 'set-cookie')),
      await answer.text(),
    );
  };
  const listAgain = async () => {
    await ask('/api/subscriptions');
    answers.push(
      JSON.stringify(await browser.graphql('{ azureSubscriptions { id } accounts { __typename } }')),
    );
  };
  await ask(callback); // used already
  await ask('/getAToken?code=canary-code&state=canary-state');
  for (const status of [400, 401, 403, 429, 500]) {
    gateway.sandbox.faults.set('arm.subscriptions', {
      status,
      body: { error: { code: 'Canary', message: secrets.code } },
    });
    await listAgain();
  }
  gateway.sandbox.faults.set('arm.subscriptions', { status: 200, body: `<html>${secrets.clientSecret}` });
  await listAgain();
  gateway.sandbox.faults.set('azure.token.authorization_code', {
    status: 400,
    body: { error: 'invalid_grant', error_description: `bad code ${secrets.code}` },
  });
  await ask(await browser.authorize('nameless'));
  await ask(`/api/nothing?token=${secrets.sessionId}`);
  await ask('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query": ${secrets.sessionId}`,
  });

  const seen = `${answers.join('\n')}\n${gateway.log.text()}`;
  expect(gateway.log.entries().length).toBeGreaterThan(20);
  for (const [name, secret] of Object.entries(secrets)) expect(seen.includes(secret), name).toBe(false);
  expect(seen).not.toContain('canary-');
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
});

it('tokens and claims are in no log line', async () => {
  const held = {
    user: { name: 'Canary Name', email: 'canary@example.com' },
    access_token: 'canary-bearer',
    accounts: [
      {
        provider: 'gcp' as const,
        email: 'canary@example.com',
        access_token: 'canary-at',
        refresh_token: 'canary-rt',
      },
    ],
  };
  await using gateway = await startGateway();
  const browser = await gateway.browserWith(held);
  await browser.graphql(
    '{ me { name email } accounts { ... on GcpAccount { accessToken refreshToken } } azureSubscriptions { id } }',
  );
  for (const path of ['/api/user', '/api/accounts', '/api/subscriptions', '/api/logout'])
    await browser.fetch(path);
  expect(gateway.log.text().toLowerCase()).not.toContain('canary');
});

it('REST hides the GCP tokens with TOKEN_EXPOSURE=none, keeping the documented keys', async () => {
  await using gateway = await startGateway({ env: { TOKEN_EXPOSURE: 'none' } });
  const browser = await gateway.browserWith({
    accounts: [
      {
        provider: 'gcp',
        email: 'e',
        displayName: 'E',
        access_token: 'canary-at',
        refresh_token: 'canary-rt',
      },
    ],
  });
  expect(await browser.json('/api/accounts')).toEqual([
    { provider: 'gcp', email: 'e', displayName: 'E', access_token: null, refresh_token: null },
  ]);
});
