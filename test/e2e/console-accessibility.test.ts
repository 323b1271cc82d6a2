import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { accessibilityFaults } from './accessibility.ts';
import { useChromium } from './chromium.ts';
import { connectRole, openAws, signIn, signInLink, submitRole } from './console-page.ts';

const chromium = useChromium();

const looks = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 390 },
  { colorScheme: 'dark', width: 390 },
] as const;

/** The page with what axe finds in each of these looks. */
async function faultsInEveryLook(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const found = await accessibilityFaults(page);
    faults.push(...found.map((fault) => `${colorScheme}, ${width}: ${fault}`));
  }
  return faults;
}

test('axe finds nothing before a sign-in', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signInLink(page).waitFor();
  expect(await faultsInEveryLook(page)).toEqual([]);
});

test('axe finds nothing in three clouds, a long table, an open form and its refusal', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'Maria Many');
  await connectRole(page);
  await page.getByRole('searchbox').waitFor();
  const form = await openAws(page);
  await form.getByText('"sts:ExternalId"').waitFor();
  await submitRole(page, 'arn:aws:iam::987654321098:role/Unknown');
  await form.getByText('Request ID').waitFor();
  await page.getByRole('button', { name: 'Disconnect Amazon Web Services' }).click();
  expect(await faultsInEveryLook(page)).toEqual([]);
});

test('axe finds nothing in a tenant that cannot be listed', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'Dennis Denied');
  await page.getByRole('button', { name: 'Retry' }).waitFor();
  expect(await faultsInEveryLook(page)).toEqual([]);
});

test('axe finds nothing in a sign-in that was cancelled, in Polish', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url, { locale: 'pl-PL' });
  await page.getByRole('link', { name: 'Zaloguj się przez Microsoft' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Logowanie nie powiodło się').waitFor();
  expect(await faultsInEveryLook(page)).toEqual([]);
  expect(chromium.takeFaults()).toEqual([expect.stringContaining('401')]);
});

test('the check finds what is planted', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signInLink(page).waitFor();
  await page.evaluate(`document.querySelector('main').append(document.createElement('button'))`);
  expect(await accessibilityFaults(page)).toEqual([expect.stringMatching(/^button-name: /)]);
});
