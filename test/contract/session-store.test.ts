import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

type OpenStore = (folder: string, now: () => number) => SessionStore;

/** Every store that the product has; each must pass the whole suite. */
const stores: [name: string, open: OpenStore][] = [
  ['LMDB', (folder, now) => openLmdbSessionStore(join(folder, 'sessions'), now)],
];

const value = (text: string) => Buffer.from(text);

describe.each(stores)('the %s session store', (_name, open) => {
  let folder: TemporaryFolder;
  let store: SessionStore;
  let now: number;
  beforeEach(() => {
    folder = createTemporaryFolder();
    now = 1_000_000;
    store = open(folder.path, () => now);
  });
  afterEach(async () => {
    await store.close();
    folder[Symbol.dispose]();
  });

  it('gives back what was created', async () => {
    expect(await store.get('a')).toBeUndefined();
    expect(await store.create('a', value('one'), now + 100)).toBe(true);
    expect(await store.get('a')).toEqual({
      value: value('one'),
      version: expect.any(Number),
      expiresAt: now + 100,
    });
  });

  it('does not create over a record that exists', async () => {
    await store.create('a', value('one'), now + 100);
    expect(await store.create('a', value('two'), now + 900)).toBe(false);
    expect(await store.get('a')).toMatchObject({ value: value('one'), expiresAt: now + 100 });
  });

  it('compares and sets: of two writers with the same version one wins', async () => {
    await store.create('a', value('one'), now + 100);
    const version = (await store.get('a'))?.version ?? 0;
    const outcomes = await Promise.all([
      store.compareAndSet('a', version, value('two')),
      store.compareAndSet('a', version, value('three')),
    ]);
    expect(outcomes.sort()).toEqual([false, true]);
    expect((await store.get('a'))?.version).not.toBe(version);
    expect((await store.get('a'))?.expiresAt).toBe(now + 100);
  });

  it('never brings a destroyed record back', async () => {
    await store.create('a', value('one'), now + 100);
    const version = (await store.get('a'))?.version ?? 0;
    expect(await store.destroy('a')).toBe(true);
    expect(await store.compareAndSet('a', version, value('two'))).toBe(false);
    expect(await store.extend('a', now + 900)).toBe(false);
    expect(await store.get('a')).toBeUndefined();
  });

  it('destroys once: of many callers one is told that it was there', async () => {
    await store.create('a', value('one'), now + 100);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.destroy('a')));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  it('extends a life without touching value and version', async () => {
    await store.create('a', value('one'), now + 100);
    const before = await store.get('a');
    expect(await store.extend('a', now + 900)).toBe(true);
    expect(await store.get('a')).toEqual({ ...before, expiresAt: now + 900 });
  });

  it('has no record past its expiry, and takes the key again', async () => {
    await store.create('a', value('one'), now + 100);
    now += 100;
    expect(await store.get('a')).toBeUndefined();
    expect(await store.extend('a', now + 900)).toBe(false);
    expect(await store.compareAndSet('a', 1, value('two'))).toBe(false);
    expect(await store.destroy('a')).toBe(false);
    expect(await store.create('a', value('two'), now + 100)).toBe(true);
  });

  it('keeps records over a close and an open', async () => {
    await store.create('a', value('one'), now + 100);
    await store.close();
    store = open(folder.path, () => now);
    expect(await store.get('a')).toMatchObject({ value: value('one') });
  });

  it('says that it answers', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });
});
