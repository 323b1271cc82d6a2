import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type TemporaryFolder = Disposable & { path: string };

/**
 * An empty folder for one gateway or store to work in, so that neither `.env` nor `./data` is anybody else's.
 * `using` deletes it; declared before those that work in it, it goes after them:
 *
 *     using folder = createTemporaryFolder();
 */
export function createTemporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'gateway-test-'));
  return {
    path,
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
