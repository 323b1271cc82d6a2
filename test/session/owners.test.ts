import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEnvironment } from '../../src/session/lmdb-environment.ts';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { recordKey } from '../../src/session/record-key.ts';
import { createSessionRecords, type SessionRecords } from '../../src/session/session-records.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { testSealing } from '../support/sealing.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const ada = { iss: 'https://issuer.example', sub: 'ada' };
let folder: TemporaryFolder;
let store: SessionStore;
let records: SessionRecords;
beforeEach(async () => {
  folder = createTemporaryFolder();
  store = await openLmdbSessionStore(folder.path);
  records = createSessionRecords({
    store,
    sealing: testSealing,
    limits: { idleMinutes: 60, absoluteHours: 12 },
  });
});
afterEach(async () => {
  await store.close();
  folder[Symbol.dispose]();
});

/** The keys of the records that carry a tag, as somebody finds them who has the store and opens none of them. */
async function keysOf(owner: string | undefined): Promise<string[]> {
  const environment = await openEnvironment(folder.path);
  const lives = environment.openDB<{ owner?: string }, string>({ name: 'lives', encoding: 'json' });
  return [...lives.getRange()].filter(({ value }) => value.owner === owner).map(({ key }) => key);
}

it("a person's sessions are found, and ended, without opening one", async () => {
  await records.create('phone', { user: ada });
  await records.create('laptop', { user: { ...ada, name: 'Ada Lovelace' } });
  await records.create('another', { user: { ...ada, sub: 'mary' } });
  await records.update('phone', (data) => ({ ...data, access_token: 'token' }));
  const keys = await keysOf(testSealing.ownerOf(ada));
  expect(keys.sort()).toEqual([recordKey('session', 'phone'), recordKey('session', 'laptop')].sort());
  for (const key of keys) await store.destroy(key);
  expect(await records.load('phone')).toBeUndefined();
  expect(await records.load('laptop')).toBeUndefined();
  expect((await records.load('another'))?.data.user).toMatchObject({ sub: 'mary' });
});
