import { argv } from 'node:process';
import { type Database, open, type RootDatabase } from 'lmdb';
import { environmentOptions } from './lmdb-environment.ts';

/**
 * A program of its own: reads through the LMDB environment in the folder that it is given, and fails, or crashes,
 * when that is damaged. A large one it reads for half a second: a start must not wait for gigabytes.
 */

const mostMillis = 500;

function openUnlessLocked(path: string): RootDatabase | undefined {
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

const environment = openUnlessLocked(argv[2] ?? '');
if (environment) {
  const until = performance.now() + mostMillis;
  for (const name of [...environment.getKeys()].filter((key) => typeof key === 'string')) {
    const table = environment.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' });
    readThrough(table, until);
  }
  await environment.close();
}
