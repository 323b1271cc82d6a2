import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { person } from './console-page.ts';

type Editor = 'query' | 'answer';

const sections: Record<Editor, string> = { query: '.graphiql-query-editor', answer: '.result-window' };

/** Asks again until the answer is as expected, on a machine that may have much else to do. */
export const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 10_000 });

/** The bar above GraphiQL, which tells who is signed in. */
export const bar = (page: Page): Locator => page.getByRole('banner');

/** Waits until the playground can be used: the editors are there, and the bar knows who is signed in. */
export async function playgroundReady(page: Page, who: string): Promise<void> {
  await bar(page).getByText(who, { exact: true }).waitFor();
  for (const section of Object.values(sections)) await page.locator(`${section} .CodeMirror`).waitFor();
}

/** The text in an editor; also the part of it that is scrolled away, and so is not in the page. */
export const textIn = (page: Page, editor: Editor): Promise<string> =>
  page.evaluate<string>(`document.querySelector('${sections[editor]} .CodeMirror').CodeMirror.getValue()`);

/** Writes an operation in the place of the one in the open tab. */
export async function writeQuery(page: Page, text: string): Promise<void> {
  await page.locator(`${sections.query} .CodeMirror`).click({ position: { x: 100, y: 10 } });
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
  await eventually(() => textIn(page, 'query')).toBe(text);
}

/** Opens one of the tabs by the name of its operation. */
export const openTab = (page: Page, name: string): Promise<void> =>
  page.getByRole('tab').getByRole('button', { name, exact: true }).click();

/** Runs the open tab's operation; returns what is answered. */
export async function run(page: Page): Promise<Record<string, unknown>> {
  await page.getByRole('button', { name: 'Execute query (Ctrl-Enter)' }).click();
  return answerOf(page);
}

/** Waits for an answer in the open tab. */
export async function answerOf(page: Page): Promise<Record<string, unknown>> {
  await eventually(() => textIn(page, 'answer')).not.toBe('');
  return JSON.parse(await textIn(page, 'answer'));
}

/** From the signed-out playground through the provider's page, back to the playground. */
export async function signInFromBar(page: Page, name: string, provider = 'Microsoft'): Promise<void> {
  await bar(page)
    .getByRole('link', { name: `Sign in with ${provider}` })
    .click();
  await person(page, name).click();
  await playgroundReady(page, `Signed in as ${name}`);
}

/** What the page keeps in the browser, in one text. */
export const keptInBrowser = (page: Page): Promise<string> =>
  page.evaluate<string>('JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])');
