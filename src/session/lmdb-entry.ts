import type { Database } from 'lmdb';
import * as lmdb from 'lmdb';

/** What stands under a key. `version` is the entry's, where its table has versions. */
export type LmdbEntry = {
  readonly bytes: Buffer;
  readonly version: number;
  /** The transaction that has last written to the page on which the entry stands. */
  readonly writtenIn: number;
};

/** What lmdb's own cache reads with (its `caching.js`), and its types leave out. */
type Reading = { getBinaryFast(key: string, options?: { ifNotTxnId: number }): Buffer | undefined };
const { getLastVersion, getLastTxnId } = lmdb as typeof lmdb & { getLastTxnId(): number };

/**
 * Reads an entry. Where nothing has written to its page since `held` was read, that is looked up and nothing else, and
 * `held` is the answer. Where its bytes are the same all the same, its buffer is.
 */
export function readEntry(
  table: Database<unknown, string>,
  key: string,
  held?: LmdbEntry,
): LmdbEntry | undefined {
  const reading = table as Reading;
  const shared = held ? reading.getBinaryFast(key, { ifNotTxnId: held.writtenIn }) : table.getBinaryFast(key);
  if (!shared) return undefined;
  if (held && !('length' in shared)) return held;
  const [version, writtenIn] = [getLastVersion(), getLastTxnId()];
  const found = shared.subarray(0, shared.length); // lmdb's own buffer, longer than its length says: copied below
  return { bytes: held?.bytes.equals(found) ? held.bytes : Buffer.from(found), version, writtenIn };
}
