import { existsSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Problem, Verdict } from './check.ts';
import { causesOf, codesOf } from './failures.ts';

/** Less free space than this is said, in bytes. */
const scarceBytes = 200_000_000;

/** Whether the folder of an LMDB store can be used; where there is none yet, another is tried, and no file is left. */
export async function lmdbVerdict(
  path: string,
  tryStore: (path: string) => Promise<Problem | undefined>,
): Promise<Verdict> {
  const folder = resolve(path);
  const isThere = existsSync(join(folder, 'data.mdb'));
  const looked = `folder ${folder}${isThere ? '' : ' (to be made at the first start)'}`;
  let aside: string | undefined;
  try {
    if (!isThere) aside = mkdtempSync(join(nearestFolder(folder), '.gateway-doctor-'));
    const problem = await tryStore(aside ?? path);
    return {
      looked,
      faults: problem ? [problem] : [],
      warnings: warningsOf(isThere ? folder : dirname(aside ?? folder), existsSync(folder)),
    };
  } catch (error) {
    return { looked, faults: [problemOf(error, folder)] };
  } finally {
    if (aside) rmSync(aside, { recursive: true, force: true });
  }
}

const nearestFolder = (path: string): string => (existsSync(path) ? path : nearestFolder(dirname(path)));

function warningsOf(folder: string, isOwn: boolean): Problem[] {
  const { bavail, bsize } = statfsSync(folder);
  const isOpen = isOwn && (statSync(folder).mode & 0o022) !== 0;
  return [
    ...(isOpen
      ? [
          {
            problem: `others may write to ${folder}, and so take the sessions away`,
            mend: `chmod 700 ${folder}`,
          },
        ]
      : []),
    ...(bavail * bsize < scarceBytes
      ? [
          {
            problem: `the disk of ${folder} is nearly full (${Math.round((bavail * bsize) / 1_000_000)} MB left)`,
            mend: 'make room, or set SESSION_STORE to a folder on another disk',
          },
        ]
      : []),
  ];
}

function problemOf(error: unknown, folder: string): Problem {
  const codes = codesOf(error);
  const is = (...any: string[]) => codes.some((code) => any.includes(code));
  if (is('ENOSPC', 'EDQUOT'))
    return {
      problem: `the disk of ${folder} is full`,
      mend: 'make room, or set SESSION_STORE to another folder',
    };
  if (is('EROFS')) {
    return {
      problem: `${folder} is on a file system that may only be read`,
      mend: 'mount a volume that can be written, and set SESSION_STORE=lmdb:<its folder>',
    };
  }
  const [outermost] = causesOf(error);
  const isOurs = outermost?.message.startsWith('The session store in ') ?? false;
  if (isOurs && codes.length === 0) return splitMessage(outermost?.message ?? '');
  const user = process.getuid?.();
  return {
    problem: `${folder} cannot be used${codes[0] ? ` (${codes[0]})` : ''}`,
    mend: `let the user of the gateway${user === undefined ? '' : ` (uid ${user})`} write there (chown, chmod 700), or set SESSION_STORE to another folder`,
  };
}

/** The store's own message says what to do behind a colon or a semicolon. */
function splitMessage(message: string): Problem {
  const [, problem = message, mend = 'see SESSION_STORE'] = /^(.*?)[:;] (.*)$/s.exec(message) ?? [];
  return { problem, mend };
}
