import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { accessibilityFaults } from './accessibility.ts';
import { screenshot, useChromium } from './chromium.ts';
import { sidewaysOverflow } from './console-page.ts';
import {
  answerOf,
  bar,
  eventually,
  openTab,
  playgroundReady,
  run,
  signInFromBar,
  textIn,
  writeQuery,
} from './playground-page.ts';

const johnsTenant = '12345678-1234-1234-1234-123456789012';
const operations = [
  'Me',
  'Accounts',
  'AzureSubscriptions',
  'ConnectAwsAccount',
  'DisconnectAccount',
  'Logout',
];
/** What GraphiQL itself leaves to be wished for: its colours, and the close button inside a tab. */
const graphiqlsOwn = ['color-contrast', 'nested-interactive', 'scrollable-region-focusable'];

const chromium = useChromium();

test('runs its first example with nobody signed in', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  expect(await page.title()).toContain('GraphQL playground');
  expect(await page.getByRole('tab').allInnerTexts()).toEqual(operations);
  expect(await run(page)).toEqual({
    data: { me: { loggedIn: false, name: null, email: null, sessionExpiresAt: null } },
  });
  expect(await page.context().cookies()).toEqual([]);
});

test('a sign-in comes back to the playground and its tabs, and queries go out with the session', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await signInFromBar(page, 'John Doe');
  expect(page.url()).toBe(`${gateway.url}/graphql`);
  expect(await page.getByRole('tab').allInnerTexts()).toEqual(operations);

  await openTab(page, 'Accounts');
  expect(await run(page)).toMatchObject({
    data: {
      accounts: [{ __typename: 'AzureAccount', id: `azure:${johnsTenant}`, displayName: 'John Doe' }],
    },
  });
  await screenshot(page, 'playground');
});

test('connects the role of the sandbox and takes it out again by the examples', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await signInFromBar(page, 'John Doe');
  await openTab(page, 'ConnectAwsAccount');
  expect(await run(page)).toMatchObject({
    data: { connectAwsAccount: { account: { accountId: '987654321098' } } },
  });
  await openTab(page, 'DisconnectAccount');
  expect(await run(page)).toMatchObject({
    data: { disconnectAccount: { accounts: [{ id: `azure:${johnsTenant}` }] } },
  });
});

test('leaves the way back to a front end that is elsewhere', async () => {
  await using gateway = await startGateway({ env: { FRONTEND_URL: 'http://localhost:3000' } });
  await using page = await chromium.open(`${gateway.url}/graphql`);
  const links = bar(page).getByRole('navigation').getByRole('link');
  await links.first().waitFor();
  const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  expect(hrefs).toEqual(['/api/login/azure', '/api/login/google']);
});

test('completes a field, and marks one that the schema does not have', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await openTab(page, 'Accounts');
  await writeQuery(page, '{ me { sessionExp } }');
  await page.locator('.CodeMirror-lint-mark-error').first().waitFor();
  for (let letters = ' } }'.length; letters > 0; letters--) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+Space');
  await eventually(() => textIn(page, 'query')).toBe('{ me { sessionExpiresAt } }');
  await eventually(() => page.locator('.CodeMirror-lint-mark-error').count()).toBe(0);
});

test('documents the schema in its own words', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.getByRole('link', { name: 'Query', exact: true }).click();
  await page.getByText('What the session of the calling browser may see.').waitFor();
});

test('says plainly that there is no schema to show with INTROSPECTION=off, and runs operations', async () => {
  await using gateway = await startGateway({ env: { INTROSPECTION: 'off' } });
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await page.getByText('the gateway does not show its schema').waitFor();
  expect(await run(page)).toMatchObject({ data: { me: { loggedIn: false } } });
  // Chromium itself writes refused requests into the console, and GraphiQL asks twice.
  for (const fault of chromium.takeFaults()) expect(fault).toMatch(/^console: .*400/);
});

test('the Tab key leaves the editors, forwards and back', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  const before = await textIn(page, 'query');
  const focused = () =>
    page.evaluate<string>('document.activeElement.ariaLabel ?? document.activeElement.tagName');
  for (const key of ['Tab', 'Shift+Tab']) {
    await page.locator('.graphiql-query-editor .CodeMirror').click({ position: { x: 100, y: 10 } });
    await eventually(focused).toBe('Operation');
    await page.keyboard.press(key);
    await eventually(focused).not.toBe('Operation');
  }
  expect(await textIn(page, 'query')).toBe(before);
});

test('a browser that keeps nothing for pages has the playground all the same', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await page.addInitScript(
    `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError') } })`,
  );
  await page.goto(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  expect(await run(page)).toMatchObject({ data: { me: { loggedIn: false } } });
});

test('shows a refusal with its status, and a gateway that is gone in words', async () => {
  const gateway = await startGateway();
  {
    await using page = await chromium.open(`${gateway.url}/graphql`);
    await playgroundReady(page, 'Signed out');
    await writeQuery(page, '{ nothing }');
    expect(await run(page)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });

    await gateway[Symbol.asyncDispose]();
    await openTab(page, 'Accounts');
    await run(page);
    expect(await answerOf(page)).toEqual({
      errors: [{ message: expect.stringMatching(/^The gateway did not answer\./) }],
    });
  }
  // The page asks who is signed in, too, until it is closed.
  expect(chromium.takeFaults()).not.toEqual([]);
});

test('opens the dialogs and menus of GraphiQL under the same policy', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  for (const name of ['Open settings dialog', 'Open short keys dialog']) {
    await page.getByRole('button', { name }).click();
    await page.getByRole('dialog').waitFor();
    // Behind the dialog nothing scrolls.
    expect(await page.evaluate('getComputedStyle(document.body).overflow')).toBe('hidden');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('getComputedStyle(document.body).overflow')).toBe('visible');
  }
  await writeQuery(page, 'query One { me { name } } query Two { me { loggedIn } }');
  await page.locator('.graphiql-execute-button[aria-haspopup=menu]').click();
  await page.getByRole('menuitem', { name: 'Two' }).click();
  expect(await answerOf(page)).toEqual({ data: { me: { loggedIn: false } } });
});

test.each(['light', 'dark'] as const)(
  'fits into 390 pixels, and hides nothing from assistive technology in its bar, in %s',
  async (colorScheme) => {
    await using gateway = await startGateway();
    await using page = await chromium.open(`${gateway.url}/graphql`, { width: 390 });
    await page.emulateMedia({ colorScheme });
    await playgroundReady(page, 'Signed out');
    await signInFromBar(page, 'John Doe');
    await run(page);
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(await accessibilityFaults(page, '.graphiql-container')).toEqual([]);
    const rules = (await accessibilityFaults(page)).map((fault) => fault.split(':')[0]);
    expect(graphiqlsOwn).toEqual(expect.arrayContaining(rules));
  },
);
