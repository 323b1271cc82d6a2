import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { startGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { useChromium } from './chromium.ts';
import { ask, cards, signIn, signInLink } from './console-page.ts';

const chromium = useChromium();

const microsoft = { provider: 'Microsoft', href: '/api/login/azure' };
const google = { provider: 'Google', href: '/api/login/google' };

/** The console of a gateway for which nothing is configured but this. */
async function openConsoleOf(env: Record<string, string>) {
  const folder = createTemporaryFolder();
  const config = readConfig({
    PORT: '0',
    SANDBOX: 'off',
    SESSION_SECRET: 'x'.repeat(32),
    SESSION_STORE: `lmdb:${folder.path}`,
    ...env,
  });
  const gateway = await createGateway(config, { log: createMemoryLog().log });
  await gateway.listen();
  const page = await chromium.open(gateway.url());
  return {
    page,
    async [Symbol.asyncDispose]() {
      await page[Symbol.asyncDispose]();
      await gateway.close();
      folder[Symbol.dispose]();
    },
  };
}

test('all that is configured is on offer', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  expect(await ask(page, '/console.json')).toEqual({
    signIns: [microsoft, google],
    aws: true,
    landsHere: true,
    playground: true,
  });
  await signInLink(page, 'Google').waitFor();
  expect(await page.locator('main a').allInnerTexts()).toEqual([
    'Sign in with Microsoft',
    'Sign in with Google',
  ]);
});

test('a sign-in that is not configured has no button', async () => {
  await using console = await openConsoleOf({ GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: 'secret' });
  await signInLink(console.page, 'Google').waitFor();
  expect(await console.page.locator('main a').allInnerTexts()).toEqual(['Sign in with Google']);
  expect(await ask(console.page, '/console.json')).toMatchObject({ signIns: [google], aws: false });
});

test('where nobody can sign in the page says so', async () => {
  await using console = await openConsoleOf({});
  await console.page.getByText('This gateway offers no sign-in').waitFor();
  expect(await console.page.locator('main a').count()).toBe(0);
});

test.each([
  ['AWS', { signIns: [microsoft, google], aws: false }, ['Microsoft', 'Google'], false],
  ['a further sign-in', { signIns: [], aws: true }, [], true],
])('without %s the rest can be connected', async (_what, offer, links, aws) => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await page.route('**/console.json', (route) => route.fulfill({ json: offer }));
  await page.reload();
  await cards(page).waitFor();
  expect(
    await page.getByRole('region', { name: 'Connect another account' }).getByRole('link').allInnerTexts(),
  ).toEqual(links);
  expect(await page.getByText('Amazon Web Services').isVisible()).toBe(aws);
});

test('where nothing can be connected there is no such section', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await page.route('**/console.json', (route) => route.fulfill({ json: { signIns: [], aws: false } }));
  await page.reload();
  await cards(page).waitFor();
  expect(await page.getByRole('heading', { name: 'Connect another account' }).count()).toBe(0);
});
