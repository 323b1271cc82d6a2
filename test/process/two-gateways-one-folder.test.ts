import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { Browser } from '../support/browser.ts';
import { testSecret } from '../support/sealing.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { returning } from './returning.ts';

const rounds = 50;
const kills = 10;

/** How many browsers write at once at a gateway that is killed. */
const writers = 16;

/** How many writes the other gateway takes while and after that. */
const writesAfterKill = 50;

const azure = 'azure:12345678-1234-1234-1234-123456789012';
const google = 'gcp:jane.roe@example.org';
const everything = '{ me { loggedIn } accounts { ... on ConnectedAccount { id } } }';

const folder = createTemporaryFolder();
let sandbox: Sandbox;
let first: GatewayProcess;
let second: GatewayProcess;

/** Another gateway on the one folder, before the one sandbox. */
const start = (): Promise<GatewayProcess> =>
  startGatewayProcess({
    folder: folder.path,
    env: {
      ...sandbox.env,
      SANDBOX: 'off',
      SESSION_SECRET: testSecret,
      NODE_EXTRA_CA_CERTS: join(folder.path, 'sandbox.pem'),
    },
  });

beforeAll(async () => {
  sandbox = await startSandbox({});
  writeFileSync(join(folder.path, 'sandbox.pem'), sandbox.certificate);
  [first, second] = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all([first, second].map((gateway) => gateway?.[Symbol.asyncDispose]()));
  await sandbox?.close();
  folder[Symbol.dispose]();
});

/** What a gateway's two faces say, asked at the same time. */
async function seenBy(browser: Browser, headers: Record<string, string> = {}) {
  const post = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
  const [user, accounts, graphql] = await Promise.all([
    browser.json<{ logged_in: boolean }>('/api/user', { headers }),
    browser.json<unknown[]>('/api/accounts', { headers }),
    browser.json<{ data: { me: { loggedIn: boolean }; accounts: { id: string }[] } }>('/graphql', {
      ...post,
      body: JSON.stringify({ query: everything }),
    }),
  ]);
  return {
    loggedIn: { rest: user.logged_in, graphql: graphql.data.me.loggedIn },
    accountCount: accounts.length,
    accounts: graphql.data.accounts.map(({ id }) => id),
  };
}

const signedIn = (...accounts: string[]) => ({
  loggedIn: { rest: true, graphql: true },
  accountCount: accounts.length,
  accounts,
});
const signedOut = { loggedIn: { rest: false, graphql: false }, accountCount: 0, accounts: [] };

test(`a sign-in, a link and a logout at one gateway are so at the other at once, ${rounds} times`, {
  timeout: 120_000,
}, async () => {
  for (let round = 0; round < rounds; round++) {
    const here = new Browser(first.url);
    expect((await here.signIn('john')).status).toBe(302);
    const there = await returning(here, second.url);
    expect(await seenBy(there)).toEqual(signedIn(azure));

    expect((await there.signIn('jane', '/api/login/google')).status).toBe(302);
    expect(await seenBy(here)).toEqual(signedIn(azure, google));

    const cookie = `mcm_session=${await here.cookie('mcm_session')}`;
    expect((await here.fetch('/api/logout')).status).toBe(200);
    const [atSecond, atFirst] = await Promise.all([
      seenBy(there),
      seenBy(new Browser(first.url), { cookie }),
    ]);
    expect([atSecond, atFirst]).toEqual([signedOut, signedOut]);
  }
});

test('a sign-in that begins at one gateway ends at the other, once', async () => {
  const here = new Browser(first.url);
  const { pathname, search } = new URL(await here.authorize('john'));
  const there = await returning(here, second.url);
  expect((await there.fetch(pathname + search)).status).toBe(302);
  expect(await seenBy(there)).toEqual(signedIn(azure));
  expect(await seenBy(await returning(there, first.url))).toEqual(signedIn(azure));
  expect((await here.fetch(pathname + search)).status).toBe(400);
});

test(`when one gateway is killed in the middle of writes, the other goes on writing, ${kills} times`, {
  timeout: 120_000,
}, async () => {
  for (let kill = 0; kill < kills; kill++) {
    await using victim = await start();
    let written = 0;
    /** Begins sign-ins, each of which is a write, until the gateway is gone. */
    const write = async () => {
      for (;;) {
        const answer = await new Browser(victim.url).fetch('/api/login/azure').catch(() => undefined);
        if (answer === undefined) return;
        written += 1;
      }
    };
    const writing = Promise.all(Array.from({ length: writers }, write));
    await expect.poll(() => written, { interval: 1, timeout: 20_000 }).toBeGreaterThan(20 + kill);
    victim.signal('SIGKILL');

    for (let count = 0; count < writesAfterKill; count++)
      expect((await new Browser(second.url).fetch('/api/login/azure')).status).toBe(302);
    const browser = new Browser(second.url);
    expect((await browser.signIn('john')).status).toBe(302);
    expect(await seenBy(browser)).toEqual(signedIn(azure));
    await writing;
  }
});
