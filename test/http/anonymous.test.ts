import { expect, it } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { startGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

it('gives a thousand anonymous requests no cookie, and makes no record for them', async () => {
  using folder = createTemporaryFolder();
  const lmdb = await openLmdbSessionStore(folder.path);
  let calls = 0;
  const counted = new Proxy(lmdb, {
    get(target, name, receiver) {
      if (name !== 'ping' && name !== 'close') calls += 1;
      return Reflect.get(target, name, receiver);
    },
  });
  await using gateway = await startGateway({ store: counted });
  const browser = gateway.browser();
  const graphql = (query: string): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const requests: [path: string, init?: RequestInit][] = [
    ['/api/user'],
    ['/api/accounts'],
    ['/api/subscriptions'],
    ['/api/logout'],
    ['/api/account/aws/config'],
    ['/'],
    ['/readyz'],
    ['/nothing'],
    ['/graphql', graphql('{ me { loggedIn } accounts { __typename } azureSubscriptions { id } }')],
    ['/graphql', graphql('mutation { logout { message } }')],
  ];
  const before = calls;
  for (let round = 0; round < 100; round++) {
    const answers = await Promise.all(requests.map(([path, init]) => browser.fetch(path, init)));
    for (const answer of answers) {
      expect(answer.headers.getSetCookie()).toEqual([]);
      await answer.arrayBuffer();
    }
  }
  expect(calls).toBe(before);
  expect(await browser.jar.getCookies(gateway.url)).toEqual([]);
});
