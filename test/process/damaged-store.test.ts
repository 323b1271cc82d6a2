import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { createSessionRecords } from '../../src/session/session-records.ts';
import { testSealing, testSecret } from '../support/sealing.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { runGateway } from './gateway-process.ts';

const pageSize = 4096;
const recordCount = 2000;

/** The longest that a start may take to see the damage, in milliseconds. */
const refusalMillis = 20_000;

const good = createTemporaryFolder();
const goodFile = join(good.path, 'data.mdb');
afterAll(() => good[Symbol.dispose]());
beforeAll(async () => {
  const store = await openLmdbSessionStore(good.path);
  const limits = { idleMinutes: 60, absoluteHours: 12 };
  const records = createSessionRecords({ store, sealing: testSealing, limits });
  const { integer } = createSeededRandom(1);
  const session = (number: number) => ({
    user: { iss: 'https://login.example.com', sub: `sub-${number}`, name: `Person ${number}` },
    access_token: 'token'.repeat(integer(100, 500)),
    accounts: Array.from({ length: integer(1, 3) }, (_, index) => ({
      provider: 'azure' as const,
      tenantId: `tenant-${index}`,
      displayName: `Person ${number}`,
      subscriptions: ['one', 'two'],
    })),
  });
  await Promise.all(
    Array.from({ length: recordCount }, (_, number) => records.create(`sid-${number}`, session(number))),
  );
  await store.close();
});

/** Overwrites a quarter of the pages after the first two, which say where the others are. */
function scrambleAQuarter(file: string, seed: number): void {
  const { integer } = createSeededRandom(seed);
  const pageCount = statSync(file).size / pageSize;
  const pages = Array.from({ length: pageCount - 2 }, (_, index) => index + 2);
  scramble(
    file,
    pages.filter(() => integer(1, 4) === 1),
    seed,
  );
}

function scramble(file: string, pages: number[], seed: number): void {
  const { integer } = createSeededRandom(seed);
  const descriptor = openSync(file, 'r+');
  for (const page of pages) {
    const noise = Buffer.from(Array.from({ length: pageSize }, () => integer(0, 255)));
    writeSync(descriptor, noise, 0, pageSize, page * pageSize);
  }
  closeSync(descriptor);
}

/**
 * The first page of the list of free pages, which only writes look at. LMDB has two meta pages, of which the one with
 * the later transaction counts; offsets as in mdb.c, MDB_meta, on a machine of 64 bits.
 */
function freeListPage(file: string): number {
  const bytes = readFileSync(file);
  const [first, second] = [0, pageSize];
  const transactionOf = (meta: number) => bytes.readBigUInt64LE(meta + 152);
  const latest = transactionOf(first) > transactionOf(second) ? first : second;
  return Number(bytes.readBigUInt64LE(latest + 88));
}

const damages: [string, (file: string) => void][] = [
  ['cut in half', (file) => truncateSync(file, statSync(file).size / 2)],
  ['cut to 100 bytes', (file) => truncateSync(file, 100)],
  ['whose first page is zeros', (file) => writeFileSync(file, readFileSync(file).fill(0, 0, pageSize))],
  ...Array.from({ length: 6 }, (_, index): [string, (file: string) => void] => [
    `with a quarter of its pages overwritten (seed ${index + 1})`,
    (file) => scrambleAQuarter(file, index + 1),
  ]),
  ['whose list of free pages is overwritten', (file) => scramble(file, [freeListPage(file)], 1)],
  ['that is a text', (file) => writeFileSync(file, 'no LMDB environment\n'.repeat(1000))],
  [
    'that is a folder',
    (file) => {
      rmSync(file);
      mkdirSync(file);
    },
  ],
];

test.each(damages)('a store file %s ends the start with one line that says what to do', async (_, damage) => {
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, 'sessions'));
  const file = join(folder.path, 'sessions', 'data.mdb');
  copyFileSync(goodFile, file);
  damage(file);
  const startedAt = performance.now();
  const { code, signal, stdout, stderr } = await runGateway({
    folder: folder.path,
    env: { PORT: '0', SESSION_STORE: 'lmdb:./sessions', SESSION_SECRET: testSecret },
  });
  expect({ code, signal, stdout }).toEqual({ code: 1, signal: null, stdout: '' });
  expect(stderr).toMatch(/^The session store in (\.\/)?sessions .*(restore|check|move).*\n$/);
  expect(performance.now() - startedAt).toBeLessThan(refusalMillis);
});
