import { argv } from 'node:process';
import { type Database, open, type RootDatabase } from 'lmdb';
import { environmentOptions } from './lmdb-environment.ts';

/**
 * A program of its own: reads through the LMDB environment in the folder that it is given, writes to it, and fails,
 * or crashes, when that is damaged. A large one it reads for half a second: a start must not wait for gigabytes.
 */

const mostMillis = 500;

function openIfPossible(path: string): RootDatabase | undefined {
  try {
    return open({ path, ...environmentOptions });
  } catch {
    return undefined; // not what is looked for here: the gateway meets it too, and says what it is
  }
}

/** @throws when a table does not have the entries that it counts */
function readThrough(table: Database<Buffer, Buffer>, until: number): void {
  let entries = 0;
  for (const _entry of table.getRange({})) {
    entries += 1;
    if (performance.now() > until) return;
  }
  const { entryCount } = table.getStats() as { entryCount: number };
  if (entries !== entryCount) throw new Error(`a table has ${entries} entries instead of ${entryCount}`);
}

/** Writes, and leaves nothing: the list of free pages is looked at by nothing else. */
async function tryWriting(environment: RootDatabase): Promise<void> {
  const table = environment.openDB<null, string>({ name: 'lives', encoding: 'json' });
  try {
    await environment.transaction(() => {
      table.put('probe', null);
      table.remove('probe');
    });
  } catch (error) {
    const cause =
      error instanceof Error && 'commitError' in error ? await reasonOf(error.commitError) : error;
    if (isOfLmdb(cause)) throw cause;
  }
}

const reasonOf = (failing: unknown): Promise<unknown> => Promise.resolve(failing).catch((reason) => reason);

/** LMDB's own error codes are negative (lmdb.h); a full disk has one of the system's. */
const isOfLmdb = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code < 0;

const environment = openIfPossible(argv[2] ?? '');
if (environment) {
  const until = performance.now() + mostMillis;
  for (const name of [...environment.getKeys()].filter((key) => typeof key === 'string')) {
    const table = environment.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' });
    readThrough(table, until);
  }
  await tryWriting(environment);
  await environment.close();
}
