import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Where a sign-in starts, on the console of a browser that is signed out. */
export const signInLink = (page: Page): Locator => page.getByRole('link', { name: 'Sign in with Microsoft' });

/** Somebody's button on the provider's page. */
export const person = (page: Page, name: string): Locator => page.getByRole('button', { name });

/** From the signed-out console through the provider's page to the console with this person's name. */
export async function signIn(page: Page, name: string): Promise<void> {
  await signInLink(page).click();
  await person(page, name).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

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
