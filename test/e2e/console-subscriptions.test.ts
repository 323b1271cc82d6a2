import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { useChromium } from './chromium.ts';
import { signIn } from './console-page.ts';

const chromium = useChromium();

test('a tenant of 120 subscriptions is shown whole and searched by name or id', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'Maria Many');
  await page.getByText('120 subscriptions', { exact: true }).waitFor();
  const rows = page.getByRole('table').getByRole('rowheader');
  expect(await rows.count()).toBe(120);

  const search = page.getByRole('searchbox', { name: 'Search subscriptions' });
  await search.fill(' team 11');
  expect(await page.getByText('10 of 120 subscriptions').isVisible()).toBe(true);
  expect(await rows.allInnerTexts()).toEqual(Array.from({ length: 10 }, (_, index) => `Team 11${index}`));

  await search.fill('000000000042');
  expect(await rows.allInnerTexts()).toEqual(['Team 042']);

  await search.fill('no such team');
  expect(await page.getByText('0 of 120 subscriptions').isVisible()).toBe(true);
  expect(await rows.count()).toBe(0);

  await search.fill('');
  expect(await rows.count()).toBe(120);
});

test('a tenant that refuses to be listed says why and what to do, in its own card', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'Dennis Denied');
  const card = page.getByRole('article').filter({ hasText: '33333333-3333-4333-8333-333333333333' });
  await card.getByRole('button', { name: 'Retry' }).waitFor();
  expect(await card.textContent()).toMatch(/may not list them \(403\); give it the Reader role/);
  expect(await card.textContent()).toMatch(/Request ID [\w-]{36}/);
  expect(await page.getByRole('table').count()).toBe(0);
});

test('Retry lists the subscriptions as soon as the tenant answers again', async () => {
  await using gateway = await startGateway();
  const error = { code: 'AuthorizationFailed', message: 'The client does not have authorization.' };
  gateway.sandbox.faults.set('arm.subscriptions', { status: 403, body: { error } });
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  const retry = page.getByRole('button', { name: 'Retry' });
  await retry.waitFor();

  const stillRefused = page.waitForResponse(`${gateway.url}/graphql`);
  await retry.click();
  await stillRefused;
  await retry.waitFor();

  gateway.sandbox.faults.clear();
  await retry.click();
  await page.getByRole('rowheader', { name: 'Production Subscription' }).waitFor();
  expect(await retry.count()).toBe(0);
});
