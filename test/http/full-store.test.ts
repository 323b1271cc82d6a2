import { expect, it } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { startGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const minute = 60_000;

it('a store that takes no changes leaves tokens as they are, for as long as they are good', async () => {
  using folder = createTemporaryFolder();
  let now = Date.now();
  let full = false;
  const lmdb = await openLmdbSessionStore(folder.path, () => now);
  const unlessFull = async <T>(write: () => Promise<T>): Promise<T> => {
    if (full) throw new Error('no space left');
    return write();
  };
  const store: SessionStore = {
    ...lmdb,
    create: (...args) => unlessFull(() => lmdb.create(...args)),
    compareAndSet: (...args) => unlessFull(() => lmdb.compareAndSet(...args)),
    extend: (...args) => unlessFull(() => lmdb.extend(...args)),
    destroy: (...args) => unlessFull(() => lmdb.destroy(...args)),
  };
  const env = { SESSION_IDLE_MINUTES: '600' };
  await using gateway = await startGateway({ env, store, now: () => now });
  const browser = gateway.browser();
  await browser.signIn('jane', '/api/login/google');
  const before = await browser.json('/api/accounts');

  full = true;
  now += 58 * minute; // two before they expire: they would be refreshed
  expect(await browser.json('/api/accounts')).toEqual(before);
  now += 5 * minute;
  expect((await browser.fetch('/api/accounts')).status).toBe(503);
  expect(await browser.json('/api/user')).toMatchObject({ logged_in: true });

  full = false;
  const [account] = await browser.json<{ access_token: string }[]>('/api/accounts');
  expect(account?.access_token).toEqual(expect.any(String));
  expect([account]).not.toEqual(before);
});
