import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { screenshot, useChromium } from './chromium.ts';
import {
  cardProviders,
  cards,
  connectRole,
  expectSignedOut,
  linkAccount,
  sidewaysOverflow,
  signIn,
} from './console-page.ts';

const chromium = useChromium();

const tenants = {
  john: '12345678-1234-1234-1234-123456789012',
  many: '22222222-2222-4222-8222-222222222222',
  denied: '33333333-3333-4333-8333-333333333333',
  slow: '55555555-5555-4555-8555-555555555555',
};

test('one session, from the first sign-in over six accounts to the sign-out, with nothing left behind', async () => {
  await using gateway = await startGateway({ env: { AZURE_TIMEOUT_MS: '20000' } });
  await using page = await chromium.open(gateway.url);
  const card = (tenantId: string) => cards(page).filter({ hasText: tenantId });

  await signIn(page, 'John Doe');
  await linkAccount(page, 'John Doe', 'Google');
  await connectRole(page);
  for (const name of ['Maria Many', 'Dennis Denied', 'Sława Slow'])
    await linkAccount(page, name, 'Microsoft');
  expect(await cardProviders(page)).toEqual([
    ...Array<string>(4).fill('Microsoft Azure'),
    'Google Cloud',
    'Amazon Web Services',
  ]);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('John Doe');

  // Each tenant in its place: the slow one is waited for, the denied one says why, the others are there.
  await card(tenants.slow).getByText('Loading subscriptions…').waitFor();
  await card(tenants.slow).getByRole('table').waitFor();
  await card(tenants.john).getByRole('rowheader', { name: 'Production Subscription' }).waitFor();
  await card(tenants.denied).getByText('may not list them (403)').waitFor();
  await card(tenants.many).getByRole('searchbox').fill('team 11');
  await card(tenants.many).getByText('10 of 120 subscriptions').waitFor();

  const asked = gateway.sandbox.calls.count('arm.subscriptions');
  await card(tenants.denied).getByRole('button', { name: 'Retry' }).click();
  await card(tenants.denied).getByText('Loading subscriptions…').waitFor();
  // A retry leaves the other tenants, and what was searched in them, on show.
  expect(await card(tenants.many).getByText('10 of 120 subscriptions').isVisible()).toBe(true);
  expect(await card(tenants.slow).getByRole('table').isVisible()).toBe(true);
  await card(tenants.denied).getByRole('button', { name: 'Retry' }).waitFor();
  expect(gateway.sandbox.calls.count('arm.subscriptions')).toBeGreaterThan(asked);

  await page.evaluate('scrollTo(0, 0)');
  await screenshot(page, 'console-tenants');
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await sidewaysOverflow(page)).toBe(0);
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByRole('button', { name: 'Disconnect Google Cloud' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await cards(page).nth(5).waitFor({ state: 'detached' });
  expect(await cardProviders(page)).not.toContain('Google Cloud');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expectSignedOut(page);
  await page.goBack();
  await page.goForward();
  await expectSignedOut(page);
}, 90_000);
