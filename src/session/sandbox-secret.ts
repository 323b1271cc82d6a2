import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * The session secret of a sandbox run: made once and kept in a file beside the store, readable by its owner alone,
 * so that a restart keeps the sessions.
 *
 * @throws Error naming the file when it can be neither read nor made
 */
export function sandboxSecret(storePath: string): string {
  const path = `${resolve(storePath)}-secret`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return readSecret(path) ?? makeSecret(path);
  } catch (cause) {
    throw new Error(
      `The sandbox cannot keep its cookie secret beside the session store ${storePath}; ` +
        'check the folder and its permissions, or set SESSION_STORE or SESSION_SECRET',
      { cause },
    );
  }
}

function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Written aside and linked into place whole: of two first starts at once both use the secret of one. */
function makeSecret(path: string): string {
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, randomBytes(48).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(aside, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(aside);
  }
  return readFileSync(path, 'utf8');
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
