import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { Browser } from '../support/browser.ts';
import { testSecret } from '../support/sealing.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startGatewayProcess } from './gateway-process.ts';

const reader = fileURLToPath(new URL('./lmdb-reader.ts', import.meta.url));

/** Longer than the time between two sweeps of a store. */
const sweepMillis = 61_000;

const recordCount = 20;
const rewrites = 100;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

/** A process that is killed in the middle of a read. */
async function killAReader(folder: string): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, [reader, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('no output');
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
}

async function filled(folder: string): Promise<SessionStore> {
  const store = await openLmdbSessionStore(folder);
  const expiresAt = Date.now() + 3_600_000;
  for (let record = 0; record < recordCount; record++)
    await store.create(`session:${record}`, Buffer.alloc(3000, record), expiresAt);
  return store;
}

/** Writes all records again and again; gives the size of the file in bytes. */
async function sizeAfterRewriting(store: SessionStore, folder: string): Promise<number> {
  for (let round = 1; round <= rewrites; round++)
    await Promise.all(
      Array.from({ length: recordCount }, async (_, record) => {
        const stored = await store.get(`session:${record}`);
        const value = Buffer.alloc(3000, record + round);
        expect(await store.compareAndSet(`session:${record}`, stored?.version ?? 0, value)).toBe(true);
      }),
    );
  return statSync(join(folder, 'data.mdb')).size;
}

test('a reader that was killed does not make the store grow once a sweep has come', async () => {
  using undisturbed = createTemporaryFolder();
  const plain = await filled(undisturbed.path);
  const usual = await sizeAfterRewriting(plain, undisturbed.path);
  await plain.close();

  using folder = createTemporaryFolder();
  const store = await filled(folder.path);
  await killAReader(folder.path);
  vi.advanceTimersByTime(sweepMillis);
  const size = await sizeAfterRewriting(store, folder.path);
  await store.close();
  expect(size).toBeLessThan(3 * usual);
});

test.each([
  ['of a reader that was killed', killAReader],
  [
    'that is garbage',
    async (folder: string) => writeFileSync(join(folder, 'lock.mdb'), 'garbage '.repeat(1024)),
  ],
])('a gateway starts and works on a store with a lock file %s', async (_, spoilLock) => {
  using folder = createTemporaryFolder();
  const sessions = join(folder.path, 'sessions');
  mkdirSync(sessions);
  await (await filled(sessions)).close();
  await spoilLock(sessions);
  await using gateway = await startGatewayProcess({
    folder: folder.path,
    env: { SESSION_STORE: 'lmdb:./sessions', SESSION_SECRET: testSecret },
  });
  const browser = new Browser(gateway.url);
  expect((await browser.signIn('john')).status).toBe(302);
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
});
