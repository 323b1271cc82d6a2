import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLeases } from '../../src/session/leases.ts';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

let folder: TemporaryFolder;
let store: SessionStore;
let now: number;
beforeEach(async () => {
  folder = createTemporaryFolder();
  now = 1_000_000;
  store = await openLmdbSessionStore(folder.path, () => now);
});
afterEach(async () => {
  vi.useRealTimers();
  await store.close();
  folder[Symbol.dispose]();
});

const leases = () => createLeases(store, () => now);

it('lets one at a time do the work of a name, whichever process asks', async () => {
  let atWork = 0;
  const work = async () => {
    atWork += 1;
    expect(atWork).toBe(1);
    await new Promise(setImmediate);
    atWork -= 1;
  };
  await Promise.all([leases(), leases(), leases()].map((process) => process.during('name', work)));
});

it('lets works of other names go on side by side', async () => {
  const { promise: bothAtWork, resolve } = Promise.withResolvers<void>();
  const first = leases().during('first', () => bothAtWork);
  await leases().during('second', async () => resolve());
  await first;
});

it('gives the lease back when the work fails', async () => {
  await expect(leases().during('name', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await leases().during('name', async () => 'done')).toBe('done');
});

it('does not wait for ever for a holder that has died', async () => {
  const died = leases().during('name', () => new Promise(() => {}));
  await expect.poll(() => store.create('probe', Buffer.from(''), now + 1)).toBe(true);
  const waiting = leases().during('name', async () => 'done');
  now += 6_001;
  expect(await waiting).toBe('done');
  expect(died).toBeInstanceOf(Promise);
});

it('keeps others out for as long as the work takes', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const slow = leases().during('name', () => mayEnd);
  await vi.waitFor(async () => expect(await store.create('probe', Buffer.from(''), now + 1)).toBe(true));
  for (let second = 0; second < 60; second += 2) {
    now += 2_000;
    vi.advanceTimersByTime(2_000);
    await store.extend('another', now); // its writes come one after the other
  }
  let other = 'waiting';
  const next = leases().during('name', async () => {
    other = 'at work';
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(other).toBe('waiting');
  end();
  await Promise.all([slow, next]);
});

it('leaves the lease of another alone, when its own has run out', async () => {
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const slow = leases().during('name', () => mayEnd);
  await expect.poll(() => store.create('probe', Buffer.from(''), now + 1)).toBe(true);
  now += 6_001;
  const { promise: otherMayEnd, resolve: endOther } = Promise.withResolvers<void>();
  const { promise: otherAtWork, resolve: otherBegins } = Promise.withResolvers<void>();
  const other = leases().during('name', () => {
    otherBegins();
    return otherMayEnd;
  });
  await otherAtWork;
  end();
  await slow;
  let third = 'waiting';
  const last = leases().during('name', async () => {
    third = 'at work';
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(third).toBe('waiting');
  endOther();
  await Promise.all([other, last]);
});
