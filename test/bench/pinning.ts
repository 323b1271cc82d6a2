import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The core of the server that is measured, alone on it, and the core of everything else. */
export const serverCore = 0;
export const clientCore = 1;

/** Whether processes can be kept to a core of their own: with `taskset` (Linux, util-linux) and two cores. */
export const canPin: boolean =
  availableParallelism() >= 2 &&
  [serverCore, clientCore].every((core) => spawnSync('taskset', ['-c', `${core}`, 'true']).status === 0);

/** Both cores, as `taskset` names them. */
export const bothCores = `${serverCore},${clientCore}`;

/** A command line that runs on one core (or several) alone, with all its threads and children; as it is where that cannot be. */
export const pinned = (core: number | string, command: readonly string[]): [string, ...string[]] => {
  const [program = '', ...args] = command;
  return canPin ? ['taskset', '-c', `${core}`, program, ...args] : [program, ...args];
};
