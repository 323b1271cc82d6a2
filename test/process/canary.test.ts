import { afterEach, describe, expect, test } from 'vitest';
import type { Answer, Cut } from '../doubles/https-server.ts';
import { openidTokenFlaws, tokenFlaws } from '../doubles/id-token.ts';
import type { StsFailure } from '../doubles/sts-double.ts';
import { addRole, connectRole, roleArn, trustGateway } from './aws-role.ts';
import { callbackOf } from './callback-of.ts';
import { RecordingBrowser } from './recording-browser.ts';
import { faces, manyRequests } from './shown-tokens.ts';
import { leaksIn, useCloudsGateway } from './trusted-clouds.ts';

/*
 * Everything that the gateway writes, at its most talkative, and all that it answers. What it must show nobody is
 * what the clouds gave it, its own secrets, and the values of cookies outside of Set-Cookie.
 */

const running = useCloudsGateway({ TOKEN_EXPOSURE: 'none', AZURE_TIMEOUT_MS: '1500' });
const browsers: RecordingBrowser[] = [];

function newBrowser(): RecordingBrowser {
  const browser = new RecordingBrowser(running.url);
  browsers.push(browser);
  return browser;
}

async function signedInWithAll(): Promise<RecordingBrowser> {
  const browser = newBrowser();
  await browser.visit('/api/login/azure');
  await browser.visit('/api/login/google');
  await trustGateway(running.sts, browser);
  expect((await addRole(browser)).status).toBe(201);
  return browser;
}

const everything = `{ me { loggedIn name email sessionExpiresAt } azureSubscriptions { id displayName state }
  accounts { __typename ... on ConnectedAccount { id provider displayName }
    ... on AzureAccount { tenantId subscriptions subscriptionDetails { id } }
    ... on GcpAccount { email accessToken refreshToken }
    ... on AwsAccount { roleArn externalId accountId } } }`;

async function readAll(browser: RecordingBrowser): Promise<void> {
  for (const path of ['/api/user', '/api/accounts', '/api/subscriptions', '/api/account/aws/config', '/'])
    await browser.fetch(path);
  await browser.graphql(everything);
}

/** Errors that quote a secret, and such as cannot be read. */
const failuresQuoting = (secret: string): (Answer | Cut)[] => [
  { status: 400, body: { error: 'invalid_grant', error_description: `Not good: ${secret}` } },
  { status: 401, body: { error: secret, error_description: secret }, challenge: `Bearer error="${secret}"` },
  { status: 403, body: { error: { code: 'Forbidden', message: `Not good: ${secret}` } } },
  { status: 500, body: `<html>${secret}` },
  { status: 200, body: { access_token: secret, token_type: secret, id_token: secret } },
  { status: 200, body: [secret] },
  { status: 302, location: `https://localhost/?code=${secret}` },
  'cut',
];

/** Everything from the start on, after each test: the one that fails names the case. */
function expectNothingLeaked(): void {
  const cookieValues = browsers.flatMap((browser) => browser.cookieValues());
  const answers = browsers.flatMap((browser) => browser.answers);
  const cookies = browsers.flatMap((browser) => browser.cookies);
  expect(leaksIn(running.output(), running, cookieValues)).toEqual([]);
  expect(leaksIn(answers.join('\n'), running, cookieValues)).toEqual([]);
  expect(leaksIn(cookies.join('\n'), running)).toEqual([]);
  expect([running.output(), ...answers, ...cookies].filter((text) => /canary/i.test(text))).toEqual([]);
}

describe('no secret is written or answered', () => {
  afterEach(expectNothingLeaked);

  test('when all goes well', async () => {
    const browser = await signedInWithAll();
    await readAll(browser);
    await manyRequests(browser, 6);
    await browser.graphql(`mutation { disconnectAccount(id: "aws:${roleArn}") { accounts { __typename } } }`);
    await browser.fetch('/api/logout');
    await browser.graphql('mutation { logout { message } }');
    await readAll(browser);
  });

  test('when ID tokens are bad', async () => {
    for (const flaw of tokenFlaws) {
      running.azure.flaw = flaw;
      expect((await newBrowser().visit('/api/login/azure')).response.status).toBe(401);
    }
    for (const flaw of openidTokenFlaws) {
      running.google.flaw = flaw;
      expect((await newBrowser().visit('/api/login/google')).response.status).toBe(401);
    }
  });

  test.each(['azure', 'google'] as const)('when the token endpoint of %s fails', async (provider) => {
    const cloud = running[provider];
    const browser = await signedInWithAll();
    for (let at = 0; at < failuresQuoting('').length; at++) {
      const callback = await callbackOf(browser, provider);
      const code = new URL(callback).searchParams.get('code') ?? '';
      const secret = at % 2 ? cloud.clientSecret : code;
      cloud.failing.set('token', failuresQuoting(secret)[at] ?? 'cut');
      expect((await browser.fetch(callback)).status).toBe(401);
      cloud.failing.clear();
      expect((await browser.fetch(callback)).status).toBe(400);
    }
    await readAll(browser);
  });

  test.each(['azure', 'google'] as const)('when a callback of %s is not right', async (provider) => {
    const browser = await signedInWithAll();
    const callback = new URL(await callbackOf(browser, provider));
    const stolen = await newBrowser().fetch(callback.href);
    expect(stolen.status).toBe(400);
    for (const name of ['code', 'state', 'iss', 'error_description']) {
      const changed = new URL(await callbackOf(browser, provider));
      const code = changed.searchParams.get('code') ?? '';
      changed.searchParams.set(name, `${code}-changed`);
      if (name === 'error_description') changed.searchParams.set('error', 'server_error');
      expect((await browser.fetch(changed.href)).status).toBeGreaterThanOrEqual(400);
    }
  });

  test('when a listing fails, or the application gets no token for it', async () => {
    const { azure } = running;
    const browser = await signedInWithAll();
    const token = [...azure.applicationTokens.keys()].at(-1) ?? '';
    for (const failure of failuresQuoting(token)) {
      azure.failing.set('subscriptions', failure);
      await readAll(browser);
    }
    azure.failing.clear();
    azure.failing.set('subscriptions', { status: 401 });
    await readAll(browser);
    for (const failure of failuresQuoting(azure.clientSecret)) {
      azure.failing.set('token', failure);
      await readAll(browser);
    }
  });

  test.each<StsFailure>([
    'cut',
    { status: 503, code: 'ServiceUnavailable' },
    { status: 403, code: 'InvalidClientTokenId' },
    { status: 403, code: 'AccessDenied' },
    { status: 400, code: 'ValidationError' },
    { status: 400, code: 'Unheard of' },
  ])('when AWS fails with %o', async (failure) => {
    const { sts } = running;
    const browser = await signedInWithAll();
    sts.failure = failure;
    await addRole(browser);
    await connectRole(browser);
    sts.failure = undefined;
    sts.roles.set(roleArn, { externalId: 'none needed' });
    expect((await addRole(browser)).status).toBe(403);
    sts.roles.delete(roleArn);
    expect((await connectRole(browser)).errors).toMatchObject([{ extensions: { code: 'AWS_ROLE_REFUSED' } }]);
  });

  test('when a secret is sent where it does not belong', async () => {
    const browser = await signedInWithAll();
    const cookie = await browser.cookie('mcm_session');
    for (const secret of [cookie ?? '', running.google.secrets.at(-1) ?? '', running.sessionSecret]) {
      const quoted = encodeURIComponent(secret);
      await browser.fetch(`/api/nothing?token=${quoted}`);
      await browser.fetch(`/api/login/google?returnTo=${quoted}`);
      await browser.fetch(`/graphql?query=${quoted}`);
      const headers = { 'content-type': 'application/json' };
      await browser.fetch('/graphql', { method: 'POST', headers, body: `{"query": ${secret}` });
      await browser.fetch('/api/account/aws/add', {
        method: 'POST',
        headers,
        body: `{"roleArn": "${secret}"}`,
      });
    }
    expect(await faces.REST(browser)).toMatchObject([{ access: null, refresh: null }]);
  });

  test('out of the hundreds that there are', () => {
    const { azure, google, sts } = running;
    const issued = [azure.secrets, google.secrets, sts.secrets].map(({ length }) => length);
    expect(Math.min(...issued)).toBeGreaterThan(20);
    expect(browsers.flatMap((browser) => browser.cookieValues()).length).toBeGreaterThan(100);
    expect(browsers.flatMap(({ answers }) => answers).length).toBeGreaterThan(200);
    expect(running.output().split('\n').length).toBeGreaterThan(300);
  });
});
