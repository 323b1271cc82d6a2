import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { useChromium } from './chromium.ts';
import { ask } from './console-page.ts';
import {
  answerOf,
  bar,
  eventually,
  keptInBrowser,
  openTab,
  playgroundReady,
  run,
  signInFromBar,
  textIn,
  writeQuery,
} from './playground-page.ts';

const chromium = useChromium();

test('signing out clears the answers of every tab', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await signInFromBar(page, 'John Doe');
  expect(await run(page)).toMatchObject({ data: { me: { name: 'John Doe' } } });
  await openTab(page, 'Accounts');
  await run(page);

  await bar(page).getByRole('button', { name: 'Sign out' }).click();
  await playgroundReady(page, 'Signed out');
  await eventually(() => textIn(page, 'answer')).toBe('');
  await openTab(page, 'Me');
  await eventually(() => textIn(page, 'query')).toContain('query Me');
  expect(await textIn(page, 'answer')).toBe('');
  expect(await page.content()).not.toContain('John');
});

test('the bar follows a logout in the editor, whose own answer stays', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await signInFromBar(page, 'John Doe');
  await run(page);
  await openTab(page, 'Logout');
  expect(await run(page)).toEqual({ data: { logout: { message: 'Wylogowano' } } });
  await playgroundReady(page, 'Signed out');
  await openTab(page, 'Me');
  await eventually(() => textIn(page, 'query')).toContain('query Me');
  expect(await textIn(page, 'answer')).toBe('');
});

test('an answer that comes after its person has signed out is not shown', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await signInFromBar(page, 'Sława Slow');
  await openTab(page, 'AzureSubscriptions');
  const asked = page.waitForRequest((request) => request.postData()?.includes('azureSubscriptions') === true);
  await page.getByRole('button', { name: 'Execute query (Ctrl-Enter)' }).click();
  await asked;
  await bar(page).getByRole('button', { name: 'Sign out' }).click();
  await playgroundReady(page, 'Signed out');
  expect(await answerOf(page)).toEqual({
    errors: [{ message: 'The session ended before the answer came' }],
  });
}, 60_000);

test('coming back to the window finds out about a sign-out elsewhere', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await signInFromBar(page, 'John Doe');
  await run(page);
  await page.context().request.get(`${gateway.url}/api/logout`);
  await page.evaluate("dispatchEvent(new Event('focus'))");
  await playgroundReady(page, 'Signed out');
  await eventually(() => textIn(page, 'answer')).toBe('');
});

test('somebody else of the same name is not shown what was there before', async () => {
  await using gateway = await startGateway();
  const cookieOf = async (email: string) => {
    const browser = await gateway.browserWith({ user: { name: 'Sam', email } });
    return { name: 'mcm_session', value: (await browser.cookie('mcm_session')) ?? '', url: gateway.url };
  };
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await page.context().addCookies([await cookieOf('one@example.org')]);
  await page.reload();
  await playgroundReady(page, 'Signed in as Sam');
  expect(await run(page)).toMatchObject({ data: { me: { email: 'one@example.org' } } });
  await page.context().addCookies([await cookieOf('two@example.org')]);
  await page.evaluate(`dispatchEvent(new Event('focus'))`);
  await eventually(() => textIn(page, 'answer')).toBe('');
  expect(await run(page)).toMatchObject({ data: { me: { email: 'two@example.org' } } });
});

test('a sign-out holds although nothing can be read after it', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await signInFromBar(page, 'John Doe');
  await run(page);
  await page.route('**/graphql', (route) =>
    route.request().postData()?.includes('query Console')
      ? route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' })
      : route.continue(),
  );
  await bar(page).getByRole('button', { name: 'Sign out' }).click();
  await bar(page).getByText('Signed out', { exact: true }).waitFor();
  await eventually(() => textIn(page, 'answer')).toBe('');
  expect(await page.content()).not.toContain('John');
  for (const fault of chromium.takeFaults()) expect(fault).toMatch(/^console: .*502/);
});

test('a query that finds the session ended clears what it had shown', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await signInFromBar(page, 'John Doe');
  await openTab(page, 'Accounts');
  await run(page);
  await ask(page, '/api/logout');
  await openTab(page, 'Me');
  await page.getByRole('button', { name: 'Execute query (Ctrl-Enter)' }).click();
  await bar(page).getByText('Signed out', { exact: true }).waitFor();
  await openTab(page, 'Accounts');
  await eventually(() => textIn(page, 'query')).toContain('query Accounts');
  expect(await textIn(page, 'answer')).toBe('');
});

test('the browser keeps the queries, and of their answers nothing', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(`${gateway.url}/graphql`);
  await playgroundReady(page, 'Signed out');
  await signInFromBar(page, 'John Doe', 'Google');
  await writeQuery(page, '{ accounts { ... on GcpAccount { accessToken refreshToken } } }');
  const { data } = (await run(page)) as { data: { accounts: Record<string, string>[] } };
  const tokens = Object.values(data.accounts[0] ?? {});
  expect(tokens).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);

  // The tabs are kept a while after each change, in order: with the second tab open, what came before is there.
  // Where GraphiQL is about to write what the editor held before, that comes last; then the tab is opened once more.
  await eventually(async () => {
    await openTab(page, 'Accounts');
    await page.waitForTimeout(1000); // twice as long as it waits
    return keptInBrowser(page);
  }).toContain('\\"activeTabIndex\\":1');
  const kept = await keptInBrowser(page);
  expect(kept).toContain('accessToken');
  for (const token of tokens) expect(kept).not.toContain(token);
  expect(kept.match(/\\"response\\":(?!null)/g)).toBeNull();
});
