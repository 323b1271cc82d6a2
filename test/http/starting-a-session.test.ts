import { expect, it } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { startGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

it('starting a session writes it once, and a store that fails sets no cookie', async () => {
  using folder = createTemporaryFolder();
  const lmdb = await openLmdbSessionStore(folder.path);
  let failing = false;
  const created: string[] = [];
  const store: SessionStore = {
    ...lmdb,
    async create(key, value, expiresAt) {
      if (key.startsWith('session:')) created.push(key);
      if (failing) throw new Error('no space left');
      return lmdb.create(key, value, expiresAt);
    },
  };
  await using gateway = await startGateway({ store });
  const browser = gateway.browser();
  const callback = await browser.authorize('john');
  failing = true;
  const answer = await browser.fetch(callback);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(await answer.json()).toMatchObject({ code: 'SESSION_STORE_UNAVAILABLE' });
  failing = false;
  expect(await browser.json('/api/user')).toEqual({ logged_in: false });

  created.length = 0;
  expect((await browser.signIn('john')).status).toBe(302);
  expect(created).toHaveLength(1);
});
