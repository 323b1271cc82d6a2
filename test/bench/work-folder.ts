import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { onEnd } from './cleanup.ts';

/** A temporary folder that goes also when the bench is interrupted. */
export function createWorkFolder(): TemporaryFolder {
  const folder = createTemporaryFolder();
  const forget = onEnd(() => folder[Symbol.dispose]());
  return {
    path: folder.path,
    [Symbol.dispose]() {
      forget();
      folder[Symbol.dispose]();
    },
  };
}
