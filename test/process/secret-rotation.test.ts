import { expect, test } from 'vitest';
import { Browser } from '../support/browser.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { returning } from './returning.ts';

const oldSecret = 'the old secret of these tests with 32 characters or more';
const newSecret = 'the new secret of these tests with 32 characters or more';

const john = { logged_in: true, name: 'John Doe' };
const nobody = { logged_in: false };
const everything = '{ me { loggedIn name } accounts { ... on ConnectedAccount { provider } } }';

test('sessions live on while SESSION_SECRET names their secret too, and are signed out when it does not', async () => {
  using folder = createTemporaryFolder();
  const start = (SESSION_SECRET: string) =>
    startGatewayProcess({ folder: folder.path, env: { SESSION_SECRET } });

  const first = await start(oldSecret);
  const [idle, linking, leaving] = await Promise.all([1, 2, 3].map(() => signedIn(first.url)));
  const late = new Browser(first.url);
  const callback = new URL(await late.authorize('john'));
  await first[Symbol.asyncDispose]();

  const second = await start(`${newSecret},${oldSecret}`);
  const [idleThen, linkingThen, leavingThen] = await Promise.all(
    [idle, linking, leaving].map((browser) => returning(browser as Browser, second.url)),
  );
  for (const browser of [idleThen, linkingThen, leavingThen])
    expect(await browser?.graphql(everything)).toEqual(withAccounts('azure'));
  expect((await linkingThen?.signIn('jane', '/api/login/google'))?.status).toBe(302);
  expect(await linkingThen?.graphql(everything)).toEqual(withAccounts('azure', 'gcp'));
  expect((await leavingThen?.fetch('/api/logout'))?.status).toBe(200);
  expect(await leavingThen?.json('/api/user')).toEqual(nobody);
  const young = await signedIn(second.url);
  await second[Symbol.asyncDispose]();

  await using third = await start(newSecret);
  expect(await (await returning(young, third.url)).json('/api/user')).toEqual(john);
  const tooLate = await returning(late, third.url);
  expect((await tooLate.fetch(callback.pathname + callback.search)).status).toBe(400);
  for (const browser of [idleThen, linkingThen]) {
    const signedOut = await returning(browser as Browser, third.url);
    for (const path of ['/api/user', '/api/accounts', '/api/logout'])
      expect((await signedOut.fetch(path)).status, path).toBe(200);
    const still = await returning(browser as Browser, third.url);
    expect(await still.json('/api/user')).toEqual(nobody);
    expect(await still.json('/api/accounts')).toEqual([]);
    expect(await still.graphql('{ me { loggedIn } }')).toEqual({ data: { me: { loggedIn: false } } });
    expect((await still.signIn('john')).status).toBe(302);
    expect(await still.graphql(everything)).toEqual(withAccounts('azure'));
  }
});

async function signedIn(url: string): Promise<Browser> {
  const browser = new Browser(url);
  expect((await browser.signIn('john')).status).toBe(302);
  return browser;
}

const withAccounts = (...providers: string[]) => ({
  data: { me: { loggedIn: true, name: 'John Doe' }, accounts: providers.map((provider) => ({ provider })) },
});
