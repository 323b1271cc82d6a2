import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { useChromium } from './chromium.ts';
import {
  ask,
  cardProviders,
  cards,
  connectRole,
  focused,
  linkAccount,
  signIn,
  signInLink,
} from './console-page.ts';

const chromium = useChromium();

const disconnectButton = (page: Page, provider: string) =>
  page.getByRole('button', { name: `Disconnect ${provider}` });
const yes = (page: Page) => page.getByRole('button', { name: 'Yes' });

/** Disconnects the account of this provider, and waits for its card to go. */
async function disconnect(page: Page, provider: string): Promise<void> {
  const before = await cards(page).count();
  await disconnectButton(page, provider).click();
  await yes(page).click();
  await cards(page)
    .nth(before - 1)
    .waitFor({ state: 'detached' });
}

test('one account is disconnected and the others stay', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await linkAccount(page, 'Jane Roe', 'Google');
  await connectRole(page);
  await page.getByRole('table').waitFor();

  await disconnect(page, 'Google Cloud, Jane Roe');
  expect(await cardProviders(page)).toEqual(['Microsoft Azure', 'Amazon Web Services']);
  expect(await focused(page)).toBe('AWS Account (987654321098)');
  expect(await page.getByRole('table').count()).toBe(1);
  expect(await ask(page, '/api/accounts')).toMatchObject([{ provider: 'azure' }, { provider: 'aws' }]);

  await disconnect(page, 'Amazon Web Services');
  expect(await focused(page)).toBe('John Doe');
  await disconnect(page, 'Microsoft Azure');
  expect(await focused(page)).toBe('Connected accounts');
  expect(await page.getByText('No cloud account is connected to this session.').isVisible()).toBe(true);
  expect(await ask(page, '/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
});

test('nothing is disconnected before it is confirmed, and No goes back to the button', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  const button = disconnectButton(page, 'Microsoft Azure, John Doe');
  await button.dblclick();
  expect(await page.getByRole('group', { name: 'Disconnect Microsoft Azure, John Doe?' }).isVisible()).toBe(
    true,
  );
  expect(await button.isVisible()).toBe(false);
  await page.getByRole('button', { name: 'No', exact: true }).click();
  expect(await focused(page)).toBe('Disconnect Microsoft Azure, John Doe');
  expect(await yes(page).count()).toBe(0);
  expect(await ask(page, '/api/accounts')).toMatchObject([{ provider: 'azure' }]);
});

test('a failure to disconnect is told in the card, which stays', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await page.getByRole('table').waitFor();
  const message = 'The session store does not answer';
  await page.route('**/graphql', (route) =>
    route.fulfill({ json: { errors: [{ message, extensions: { code: 'SESSION_STORE_UNAVAILABLE' } }] } }),
  );
  await disconnectButton(page, 'Microsoft Azure').click();
  await yes(page).click();
  await cards(page).getByRole('alert').getByText(message).waitFor();
  expect(await focused(page)).toBe('Disconnect Microsoft Azure, John Doe');
  expect(await page.getByRole('table').count()).toBe(1);

  await page.unroute('**/graphql');
  await disconnect(page, 'Microsoft Azure');
});

test('an account that another tab has disconnected goes without a complaint', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await connectRole(page);
  await ask(page, '/graphql', {
    query: `mutation { disconnectAccount(id: "azure:12345678-1234-1234-1234-123456789012") { id } }`,
  });
  await disconnect(page, 'Microsoft Azure');
  expect(await cardProviders(page)).toEqual(['Amazon Web Services']);
});

test('a session that has ended meanwhile turns the page to the sign-ins', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await ask(page, '/api/logout');
  await disconnectButton(page, 'Microsoft Azure').click();
  await yes(page).click();
  await signInLink(page).waitFor();
  expect(await page.getByText('Your session has ended. Sign in again to go on.').count()).toBe(2);
  expect(await cards(page).count()).toBe(0);
});
