import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { screenshot, useChromium } from './chromium.ts';
import { person, sidewaysOverflow, signIn, signInLink } from './console-page.ts';

const chromium = useChromium();

test('a phone of 390 pixels shows every page without scrolling sideways', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url, { width: 390 });
  await signInLink(page).waitFor();
  expect(await sidewaysOverflow(page)).toBe(0);
  await signInLink(page).click();
  await person(page, 'John Doe').waitFor();
  expect(await sidewaysOverflow(page)).toBe(0);
  await person(page, 'John Doe').click();
  await page.getByRole('table').waitFor();
  expect(await sidewaysOverflow(page)).toBe(0);
  await screenshot(page, 'console-narrow');
});

test('a failure on a phone does not scroll sideways either', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url, { width: 390 });
  await signIn(page, 'Dennis Denied');
  await page.getByRole('button', { name: 'Retry' }).waitFor();
  expect(await sidewaysOverflow(page)).toBe(0);
});

test('the keyboard alone signs in and out', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signInLink(page).waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to content');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Sign in with Microsoft');
  await page.keyboard.press('Enter');

  await person(page, 'John Doe').waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toContain('John Doe');
  await page.keyboard.press('Enter');

  await page.getByRole('table').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Sign out');
  await page.keyboard.press('Enter');
  await signInLink(page).waitFor();
  expect(await focused(page)).toBe('One session for all your clouds');
});

/** The text of what has the focus. */
const focused = (page: { evaluate<T>(script: string): Promise<T> }): Promise<string> =>
  page.evaluate<string>('document.activeElement.textContent');
