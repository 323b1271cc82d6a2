import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withAccount } from '../../src/clouds/clouds.ts';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { recordKey } from '../../src/session/record-key.ts';
import { createSessionRecords, type SessionRecords } from '../../src/session/session-records.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { testSealing } from '../support/sealing.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const minute = 60_000;
const hour = 60 * minute;
const user = { name: 'Ada' };

describe('session records', () => {
  let folder: TemporaryFolder;
  let store: SessionStore;
  let records: SessionRecords;
  let now: number;
  const limits = { idleMinutes: 60, absoluteHours: 12 };

  beforeEach(async () => {
    folder = createTemporaryFolder();
    now = Date.UTC(2026, 0, 1);
    store = await openLmdbSessionStore(join(folder.path, 'sessions'), () => now);
    records = createSessionRecords({ store, sealing: testSealing, limits, now: () => now });
  });
  afterEach(async () => {
    await store.close();
    folder[Symbol.dispose]();
  });

  it('end when they were idle for too long', async () => {
    await records.create('sid', { user });
    now += 59 * minute;
    expect(await records.load('sid')).toEqual({ data: { user }, expiresAt: now + hour });
    now += 60 * minute;
    expect(await records.load('sid')).toBeUndefined();
  });

  it('end at the absolute limit, however busy they are', async () => {
    await records.create('sid', { user });
    const end = now + 12 * hour;
    while (now < end - 30 * minute) {
      now += 30 * minute;
      expect((await records.load('sid'))?.expiresAt).toBe(Math.min(now + hour, end));
    }
    now = end;
    expect(await records.load('sid')).toBeUndefined();
  });

  it('end at the absolute limit, whatever end somebody wrote into the store', async () => {
    await records.create('sid', { user });
    await store.extend(recordKey('session', 'sid'), now + 1000 * hour);
    expect((await records.load('sid'))?.expiresAt).toBe(now + 12 * hour);
    now += 12 * hour;
    expect(await records.load('sid')).toBeUndefined();
    expect(await records.update('sid', (data) => data)).toBeUndefined();
  });

  it('are not extended at every request', async () => {
    await records.create('sid', { user });
    const { expiresAt } = (await records.load('sid')) ?? {};
    now += 59_000;
    expect((await records.load('sid'))?.expiresAt).toBe(expiresAt);
    now += 1_000;
    expect((await records.load('sid'))?.expiresAt).toBe(now + hour);
  });

  it('keep all of many changes made at once', async () => {
    await records.create('sid', { user });
    const link = (tenantId: string) =>
      records.update('sid', (data) => ({
        ...data,
        accounts: withAccount(data.accounts ?? [], { provider: 'azure', tenantId }),
      }));
    await Promise.all(['t1', 't2', 't3', 't4'].map(link));
    expect(
      (await records.load('sid'))?.data.accounts
        ?.map((account) => 'tenantId' in account && account.tenantId)
        .sort(),
    ).toEqual(['t1', 't2', 't3', 't4']);
  });

  it('stay ended when a change comes late', async () => {
    await records.create('sid', { user });
    const late = records.update('sid', (data) => ({ ...data, access_token: 'late' }));
    await records.destroy('sid');
    await late;
    expect(await records.load('sid')).toBeUndefined();
    expect(await records.update('sid', (data) => data)).toBeUndefined();
  });

  it('give up with CONFLICT after five lost races', async () => {
    await records.create('sid', { user });
    let attempts = 0;
    const losing = createSessionRecords({
      store: {
        ...store,
        async compareAndSet() {
          attempts += 1;
          return false;
        },
      },
      sealing: testSealing,
      limits,
    });
    now = Date.now();
    await records.create('other', { user });
    await expect(losing.update('other', (data) => data)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(attempts).toBe(5);
  });

  it.each(['', 'garbage', 'null', '{}', '{"signedInAt":"x","data":{}}', '[]'])(
    'are signed out, and can be ended, when what is stored is damaged: %j',
    async (stored) => {
      await store.create(recordKey('session', 'sid'), Buffer.from(stored), now + hour);
      expect(await records.load('sid')).toBeUndefined();
      expect(await records.update('sid', (data) => data)).toBeUndefined();
      await records.destroy('sid');
      expect(await store.get(recordKey('session', 'sid'))).toBeUndefined();
    },
  );

  it('can be read, and keep their end, when the store cannot write', async () => {
    await records.create('sid', { user });
    const { expiresAt } = (await records.load('sid')) ?? {};
    now += 30 * minute;
    const full = createSessionRecords({
      store: { ...store, extend: () => Promise.reject(new Error('no space left')) },
      sealing: testSealing,
      limits,
      now: () => now,
    });
    expect(await full.load('sid')).toEqual({ data: { user }, expiresAt });
  });

  it('are unavailable, not signed out, when the store does not answer', async () => {
    const broken = createSessionRecords({
      store: { ...store, get: () => Promise.reject(new Error('down')) },
      sealing: testSealing,
      limits,
    });
    await expect(broken.load('sid')).rejects.toMatchObject({
      code: 'SESSION_STORE_UNAVAILABLE',
      status: 503,
    });
  });
});
