import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open, type RootDatabase } from 'lmdb';

/** How every process opens the environment: they share it, so they have to agree. */
export const environmentOptions = {
  noSubdir: false,
  maxDbs: 8,
  // Batches of an event turn have a promise that nobody can catch: a full disk would end the process.
  eventTurnBatching: false,
};

/**
 * Opens the LMDB environment in a folder, which is made when it is missing, for its owner alone.
 *
 * @throws Error naming the folder when it cannot be opened, or is damaged
 */
export async function openEnvironment(path: string): Promise<RootDatabase> {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const file = join(path, 'data.mdb');
    if (existsSync(file) && statSync(file).size > 0) {
      assertNotForeign(path, file);
      await assertSound(path);
    }
    const environment = open({ path, ...environmentOptions });
    for (const name of ['data.mdb', 'lock.mdb']) chmodSync(join(path, name), 0o600);
    return environment;
  } catch (cause) {
    if (cause instanceof DamagedStore) throw cause;
    throw new Error(
      `The session store in ${path} cannot be opened; check the folder and its permissions, or set SESSION_STORE`,
      { cause },
    );
  }
}

class DamagedStore extends Error {
  constructor(path: string) {
    super(
      `The session store in ${path} is damaged: restore data.mdb from a backup, or move the folder away and let everybody sign in again`,
    );
  }
}

/** LMDB's mark at the start of its file, after the page header (mdb.c, MDB_MAGIC). */
const magic = { value: 0xbeefc0de, offset: 24 };

/** LMDB does not look before it maps a file: one that is not its own ends the process without a word. */
function assertNotForeign(path: string, file: string): void {
  const start = Buffer.alloc(magic.offset + 4);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, start);
  } finally {
    closeSync(descriptor);
  }
  if (start.readUInt32LE(magic.offset) !== magic.value) throw new DamagedStore(path);
}

const checker = fileURLToPath(new URL('./lmdb-check.ts', import.meta.url));

/** How long the look at a store may take, in milliseconds: longer only when it waits for the lock. */
const mostCheckMillis = 10_000;

/** How a process ends that has met a damaged page. */
const crashes = ['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL', 'SIGFPE', 'SIGTRAP'];

/** A damaged page ends the process that reads it, without a word: so another process looks first. */
async function assertSound(path: string): Promise<void> {
  const limit = { timeout: mostCheckMillis, killSignal: 'SIGKILL' } as const;
  const child = spawn(process.execPath, [checker, path], { stdio: 'ignore', ...limit });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (signal === 'SIGKILL') throw new Error('another process holds its lock; end those that use the folder');
  if ((code !== null && code !== 0) || (signal !== null && crashes.includes(signal)))
    throw new DamagedStore(path);
}
