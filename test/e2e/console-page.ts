import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The role that the sandbox lets everybody connect who has been shown an external id. */
export const sandboxRole = 'arn:aws:iam::987654321098:role/MultiCloudManagerRole';

type Provider = 'Microsoft' | 'Google';

/** Where a sign-in starts, on the console of a browser that is signed out. */
export const signInLink = (page: Page, provider: Provider = 'Microsoft'): Locator =>
  page.getByRole('link', { name: `Sign in with ${provider}` });

/** Somebody's button on the provider's page. */
export const person = (page: Page, name: string): Locator => page.getByRole('button', { name }).first();

/** From the signed-out console through the provider's page to the console with this person's name. */
export async function signIn(page: Page, name: string, provider?: Provider): Promise<void> {
  await signInLink(page, provider).click();
  await person(page, name).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** From the signed-in console through another provider's page and back, with one account more. */
export async function linkAccount(page: Page, name: string, provider: Provider): Promise<void> {
  const before = await cards(page).count();
  await page.getByRole('link', { name: provider, exact: true }).click();
  await person(page, name).click();
  await cards(page).nth(before).waitFor();
}

/** The cards of the connected accounts. */
export const cards = (page: Page): Locator => page.getByRole('article');

/** The providers of the connected accounts, in the order of their cards. */
export const cardProviders = (page: Page): Promise<string[]> =>
  cards(page).locator('.provider').allInnerTexts();

/** Opens the part of the page that connects AWS, and answers its form. */
export async function openAws(page: Page): Promise<Locator> {
  await page.getByText('Amazon Web Services with an IAM role').click();
  return page.getByRole('group').filter({ has: page.getByLabel('Role ARN') });
}

/** Asks for this role to be connected, in the open form. */
export async function submitRole(page: Page, roleArn: string): Promise<void> {
  await page.getByLabel('Role ARN').fill(roleArn);
  await page.getByRole('button', { name: 'Connect role' }).click();
}

/** Connects a role that AWS lets the gateway assume. */
export async function connectRole(page: Page, roleArn = sandboxRole): Promise<void> {
  const before = await cards(page).count();
  await openAws(page);
  await submitRole(page, roleArn);
  await cards(page).nth(before).waitFor();
}

/** The text of what has the focus. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate<string>('document.activeElement.textContent');

/** Waits for the signed-out console, and finds nothing of John Doe anywhere in it. */
export async function expectSignedOut(page: Page): Promise<void> {
  await signInLink(page).waitFor();
  expect(await page.content()).not.toMatch(/John|Production/);
}

/** What a script on the page is answered: to a GET, or with `body` to a POST. */
export async function ask(page: Page, path: string, body?: unknown): Promise<unknown> {
  return page.evaluate(
    async ({ path, body }) => {
      const headers = { 'content-type': 'application/json' };
      const post = { method: 'POST', headers, body: JSON.stringify(body) };
      return (await fetch(path, body === undefined ? {} : post)).json();
    },
    { path, body },
  );
}

/** By how many pixels the page is wider than its window. */
export async function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}
