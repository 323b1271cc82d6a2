import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { screenshot, useChromium } from './chromium.ts';
import { ask, expectSignedOut, person, signIn, signInLink } from './console-page.ts';

const johnsTenant = '12345678-1234-1234-1234-123456789012';
const production = 'abcd1234-5678-90ab-cdef-1234567890ab';
const development = 'efgh5678-90ab-cdef-1234-567890abcdef';

const chromium = useChromium();

test('a browser with no session is offered a sign-in and shown nobody', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signInLink(page).waitFor();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('One session for all your clouds');
  expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
  expect(await page.context().cookies()).toEqual([]);
  await screenshot(page, 'console-signed-out');
});

test('signing in with Microsoft leads back to the console, with name and subscriptions', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signInLink(page).click();
  await person(page, 'John Doe').waitFor();
  expect(new URL(page.url()).origin).not.toBe(gateway.url);
  await screenshot(page, 'sandbox-sign-in');

  await person(page, 'John Doe').click();
  await page.getByRole('table').waitFor();
  expect(page.url()).toBe(`${gateway.url}/`);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('John Doe');
  expect(await page.getByRole('table').getByRole('row').allInnerTexts()).toEqual([
    'Name\tSubscription ID\tState',
    `Production Subscription\t${production}\tEnabled`,
    `Development Subscription\t${development}\tEnabled`,
  ]);
});

test('the page reads the same session through GraphQL and the original REST paths', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  expect(await ask(page, '/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  expect(await ask(page, '/api/accounts')).toEqual([
    {
      provider: 'azure',
      tenantId: johnsTenant,
      displayName: 'John Doe',
      subscriptions: [production, development],
    },
  ]);
  const subscription = { provider: 'azure', tenantId: johnsTenant };
  const value = [
    { ...subscription, subscriptionId: production, displayName: 'Production Subscription' },
    { ...subscription, subscriptionId: development, displayName: 'Development Subscription' },
  ];
  expect(await ask(page, '/api/subscriptions')).toEqual({ value });
  const query = `{ me { loggedIn name } accounts { ... on AzureAccount { id displayName subscriptions } }
    azureSubscriptions { provider tenantId subscriptionId displayName } }`;
  expect(await ask(page, '/graphql', { query })).toEqual({
    data: {
      me: { loggedIn: true, name: 'John Doe' },
      accounts: [
        { id: `azure:${johnsTenant}`, displayName: 'John Doe', subscriptions: [production, development] },
      ],
      azureSubscriptions: value,
    },
  });
});

test('after signing out nothing of the person comes back by back, forward or reload', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await page.getByRole('link', { name: '/api/accounts' }).click();
  expect(await page.locator('body').textContent()).toContain('John Doe');
  await page.goBack();
  await page.getByRole('table').waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expectSignedOut(page);
  expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  expect((await page.context().cookies(gateway.url)).map(({ name }) => name)).not.toContain('mcm_session');

  await page.goForward();
  expect(await page.locator('body').textContent()).toBe('[]');
  await page.goBack();
  await expectSignedOut(page);
  await page.reload();
  await expectSignedOut(page);
  expect(await ask(page, '/api/user')).toEqual({ logged_in: false });
});
