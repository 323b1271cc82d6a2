import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import type { TestGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { useChromium } from './chromium.ts';
import { sandboxRole } from './console-page.ts';
import { blockOf, buildFrontEnd, type FrontEnd, runShell } from './documented-front-end.ts';
import {
  accounts,
  openFrontEnd,
  pageOrigin,
  type Site,
  serveFrontEnd,
  signInBy,
  startDocumentedGateway,
  subscriptions,
} from './front-end-scene.ts';

// Each test loads pages a few times, beside other tests that do.
vi.setConfig({ testTimeout: 60_000 });
const chromium = useChromium();
let frontEnd: FrontEnd;
let site: Site;
let gateway: TestGateway;
/** How far the gateway's clock is ahead. */
let passedMillis = 0;
let isStoreFailing = false;
const storeFolder = createTemporaryFolder();

beforeAll(async () => {
  const now = () => Date.now() + passedMillis;
  const lmdb = await openLmdbSessionStore(storeFolder.path, now);
  const get: SessionStore['get'] = async (key) => {
    if (isStoreFailing) throw new Error('no answer');
    return lmdb.get(key);
  };
  const env = { SESSION_IDLE_MINUTES: '600' };
  gateway = await startDocumentedGateway({ store: { ...lmdb, get }, now, env });
  frontEnd = await buildFrontEnd({ gatewayUrl: gateway.url });
  site = await serveFrontEnd(frontEnd.path);
}, 240_000);
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
  frontEnd?.[Symbol.dispose]();
  storeFolder[Symbol.dispose]();
});

const open = (path = '/') => openFrontEnd({ chromium, site, gateway, path });
const alerts = (page: Page) => page.getByRole('alert');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** All that an operation of the page was sent with, and answered. */
async function graphqlAnswer(page: Page, act: () => Promise<unknown>) {
  const [answer] = await Promise.all([
    page.waitForResponse(
      (response) => response.url().endsWith('/graphql') && response.request().method() === 'POST',
    ),
    act(),
  ]);
  return { accept: answer.request().headers().accept, status: answer.status() };
}

test('a page with Apollo Client signs in, comes back to its own path, and shows person, accounts and subscriptions', async () => {
  await using page = await open('/my/clouds');
  await signInBy(page, 'Sign in with Microsoft', 'John Doe');
  await page.getByRole('heading', { name: 'John Doe' }).waitFor();
  expect(page.url()).toBe(`${pageOrigin}/my/clouds`);
  expect(await accounts(page).allInnerTexts()).toEqual([
    expect.stringContaining('John Doe tenant 12345678-1234-1234-1234-123456789012'),
  ]);
  await subscriptions(page).getByRole('listitem').nth(1).waitFor();
  expect(await subscriptions(page).getByRole('listitem').allInnerTexts()).toEqual([
    'Production Subscription, Enabled',
    'Development Subscription, Enabled',
  ]);
  await signInBy(page, 'Connect Google', 'John Doe');
  await accounts(page).nth(1).waitFor();
  expect(await accounts(page).last().textContent()).toContain('john.doe@example.com');
  await button(page, 'Get Google tokens').click();
  await page.getByText('1 fit for use').waitFor();
});

test('a page with Apollo Client connects and disconnects accounts, and its lists follow', async () => {
  await using page = await open();
  await signInBy(page, 'Sign in with Microsoft', 'John Doe');
  await accounts(page).first().waitFor();
  await page.getByLabel('Role ARN').fill('arn:aws:iam::987654321098:role/Nobody');
  await button(page, 'Connect role').click();
  await alerts(page).getByText('AWS_ROLE_REFUSED').waitFor();
  await page.getByLabel('Role ARN').fill(sandboxRole);
  await button(page, 'Connect role').click();
  await accounts(page).nth(1).waitFor();
  expect(await accounts(page).nth(1).textContent()).toContain('987654321098');
  expect(await alerts(page).count()).toBe(0);
  await button(page, 'Disconnect').first().click();
  await accounts(page).nth(1).waitFor({ state: 'detached' });
  expect(await accounts(page).textContent()).toContain('987654321098');
  await subscriptions(page).getByRole('listitem').first().waitFor({ state: 'detached' });
});

test('a logout leaves nothing of the person on the page or in the cache', async () => {
  await using page = await open();
  await signInBy(page, 'Sign in with Microsoft', 'John Doe');
  await subscriptions(page).getByText('Production').waitFor();
  const cache = () => page.evaluate<string>('JSON.stringify(client.extract())');
  expect(await cache()).toMatch(/John.*Production|Production.*John/);
  await button(page, 'Log out').click();
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).waitFor();
  expect(await cache()).not.toMatch(/John|Production|12345678/);
  expect(await page.content()).not.toMatch(/John|Production|12345678/);
  await page.reload();
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).waitFor();
});

describe('what fails is shown by its code, with what to do:', () => {
  test('a tenant that cannot be listed, beside one that can', async () => {
    await using page = await open();
    await signInBy(page, 'Sign in with Microsoft', 'Dennis Denied');
    await alerts(page).getByText('AZURE_FORBIDDEN').waitFor();
    await signInBy(page, 'Connect Microsoft', 'John Doe');
    await alerts(page).getByText('33333333-3333-4333-8333-333333333333').waitFor();
    expect(await alerts(page).textContent()).toContain('AZURE_FORBIDDEN');
    expect(await subscriptions(page).getByRole('listitem').count()).toBe(2);
  });

  test('a session that has ended', async () => {
    await using page = await open();
    await signInBy(page, 'Sign in with Microsoft', 'John Doe');
    await subscriptions(page).getByText('Production').waitFor();
    await page.context().clearCookies({ name: 'mcm_session' });
    await page.getByLabel('Role ARN').fill(sandboxRole);
    await button(page, 'Connect role').click();
    await alerts(page).getByText('UNAUTHENTICATED').waitFor();
    await signInBy(page, 'Sign in again', 'John Doe');
    await page.getByRole('heading', { name: 'John Doe' }).waitFor();
  });

  test('a Google account whose tokens are dead', async () => {
    await using page = await open();
    await signInBy(page, 'Sign in with Microsoft', 'John Doe');
    await subscriptions(page).getByText('Production').waitFor();
    await signInBy(page, 'Connect Google', 'Nora NoConsent');
    await accounts(page).nth(1).waitFor();
    await subscriptions(page).getByText('Production').waitFor();
    passedMillis += 2 * 3_600_000;
    await button(page, 'Get Google tokens').click();
    await alerts(page).getByText('REAUTH_REQUIRED').waitFor();
    expect(await page.getByText('0 fit for use').isVisible()).toBe(true);
    await signInBy(page, 'Sign in with Google again', 'Nora NoConsent');
    await accounts(page).nth(1).waitFor();
    await button(page, 'Get Google tokens').click();
    await page.getByText('1 fit for use').waitFor();
  });

  test('a store that does not answer, and then does', async () => {
    await using page = await open();
    await signInBy(page, 'Sign in with Microsoft', 'John Doe');
    await subscriptions(page).getByText('Production').waitFor();
    isStoreFailing = true;
    const refused = await graphqlAnswer(page, () => page.reload());
    expect(refused).toEqual({
      accept: expect.stringMatching(/^application\/graphql-response\+json,/),
      status: 503,
    });
    await alerts(page).getByText('SESSION_STORE_UNAVAILABLE').waitFor();
    isStoreFailing = false;
    await button(page, 'Try again').click();
    await page.getByRole('heading', { name: 'John Doe' }).waitFor();
    expect(new Set(chromium.takeFaults())).toEqual(
      new Set([expect.stringContaining('the server responded with a status of 503')]),
    );
  });
});

test('a page with fetch alone reads the same by typed documents, and the code of what fails', async () => {
  await using page = await open('/plain.html');
  const text = () => page.locator('pre').textContent();
  expect(await text()).toBe('Nobody is signed in');
  await page.goto('http://localhost:5000/api/login/azure?returnTo=/plain.html');
  await page.getByRole('button', { name: 'Dennis Denied' }).first().click();
  await page.waitForURL(`${pageOrigin}/plain.html`);
  const denied = '33333333-3333-4333-8333-333333333333';
  expect((await text())?.split('\n')).toEqual([
    'Dennis Denied is signed in',
    `azure:${denied}`,
    `AZURE_FORBIDDEN in ${denied}`,
  ]);
});

test("a page of the original's REST calls signs in to /dashboard, reads, adds a role and logs out", async () => {
  await using page = await open('/dashboard');
  await signInBy(page, 'Sign in', 'John Doe');
  await page.getByRole('heading', { name: 'Hello John Doe' }).waitFor();
  expect(page.url()).toBe(`${pageOrigin}/dashboard`);
  const shown = (text: string | RegExp) => page.getByText(text).waitFor();
  await shown('azure: John Doe');
  await shown('subscription Production Subscription');
  await button(page, 'How to trust').click();
  await shown(/^trust \d{12} with \S+$/);
  await button(page, 'Add role').click();
  await shown('Konto AWS 987654321098 pomyślnie dodane.');
  await page.reload();
  await shown('aws: AWS Account (987654321098)');
  await button(page, 'Log out').click();
  await shown('Wylogowano');
  await button(page, 'Add role').click();
  await shown(/\(UNAUTHENTICATED\)$/);
  expect(chromium.takeFaults()).toEqual([expect.stringContaining('status of 401')]);
  await page.reload();
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
});

test('a gateway that answers its manifests only knows the texts of a page that sends no ids', async () => {
  const options = { variant: 'persisted operations', frontEnd: frontEnd.path };
  await using strict = await startDocumentedGateway(options);
  expect((await strict.browser().graphql('{ me { name } }')).errors).toHaveLength(1);
  await using page = await openFrontEnd({ chromium, site, gateway: strict });
  await signInBy(page, 'Sign in with Microsoft', 'John Doe');
  await subscriptions(page).getByText('Production').waitFor();
  await button(page, 'Log out').click();
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).waitFor();
});

test('the types from the schema files are those from a running gateway', async () => {
  const generated = () =>
    ['graphql.ts', 'gql.ts', 'possible-types.ts', 'persisted-documents.json'].map((file) =>
      readFileSync(join(frontEnd.path, 'src/gql', file), 'utf8'),
    );
  const before = generated();
  const [command = ''] = /^npx graphql-codegen .*$/m.exec(blockOf('generate, check and build').text) ?? [];
  await runShell(frontEnd.path, `rm -r src/gql; ${command}`, {
    SCHEMA: join(fileURLToPath(new URL('../..', import.meta.url)), 'schema/*.graphql'),
  });
  expect(generated()).toEqual(before);
}, 120_000);
