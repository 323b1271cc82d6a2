import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ada } from '../doubles/azure-double.ts';
import { Browser } from '../support/browser.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { returning } from './returning.ts';
import { startTrustedAzure } from './trusted-azure.ts';

const ownSecret = { SESSION_SECRET: 'a secret of these tests with 32 characters or more' };
const john = 'azure:12345678-1234-1234-1234-123456789012';
const query = `{ me { loggedIn name } accounts { ... on ConnectedAccount { id } }
  azureSubscriptions { displayName } }`;

test.each([
  { settings: 'no settings', env: {} },
  {
    settings: 'a session secret',
    env: { SESSION_SECRET: 'a secret of these tests with 32 characters or more' },
  },
])('with $settings, a sign-in outlives kill -9 right after its answer', async ({ env }) => {
  using folder = createTemporaryFolder();
  await using first = await startGatewayProcess({ folder: folder.path, env });
  const browser = new Browser(first.url);
  const landing = await browser.signIn('john');
  first.signal('SIGKILL');
  expect(landing.status).toBe(302);
  expect((await first.ended).signal).toBe('SIGKILL');

  await using second = await startGatewayProcess({ folder: folder.path, env });
  const again = await returning(browser, second.url);
  expect(await again.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  expect(await again.graphql(query)).toEqual({
    data: {
      me: { loggedIn: true, name: 'John Doe' },
      accounts: [{ id: john }],
      azureSubscriptions: [
        { displayName: 'Production Subscription' },
        { displayName: 'Development Subscription' },
      ],
    },
  });
});

test('a sign-out outlives kill -9 right after its answer', async () => {
  using folder = createTemporaryFolder();
  await using first = await startGatewayProcess({ folder: folder.path });
  const browser = new Browser(first.url);
  await browser.signIn('john');
  const cookie = `mcm_session=${await browser.cookie('mcm_session')}`;
  const goodbye = await browser.fetch('/api/logout');
  first.signal('SIGKILL');
  expect(goodbye.status).toBe(200);
  await first.ended;

  await using second = await startGatewayProcess({ folder: folder.path });
  const stolen = await new Browser(second.url).json('/api/user', { headers: { cookie } });
  expect(stolen).toEqual({ logged_in: false });
});

test('a sign-in that was under way at kill -9 finishes at the restarted gateway', async () => {
  using folder = createTemporaryFolder();
  await using azure = await startTrustedAzure({ folder: folder.path });
  const env = { ...azure.env, ...ownSecret };
  await using first = await startGatewayProcess({ folder: folder.path, env });
  const browser = new Browser(first.url);
  const atProvider = (await browser.fetch('/api/login/azure')).headers.get('location') ?? '';
  first.signal('SIGKILL');
  await first.ended;
  const back = new URL((await browser.fetch(atProvider)).headers.get('location') ?? '');

  await using second = await startGatewayProcess({ folder: folder.path, env });
  const again = await returning(browser, second.url);
  const callback = back.pathname + back.search;
  expect((await again.fetch(callback)).status).toBe(302);
  expect(await again.json('/api/user')).toEqual({ logged_in: true, name: ada.name });
  expect((await again.fetch(callback)).status).toBe(400);
});

test('the generated secret is beside the store, for its owner only, and in no output', async () => {
  using folder = createTemporaryFolder();
  await using gateway = await startGatewayProcess({ folder: folder.path });
  const file = join(folder.path, 'data', 'sessions-secret');
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(gateway.output()).not.toContain(readFileSync(file, 'utf8').trim());
});
