import { readdirSync, readFileSync } from 'node:fs';

/** The processes that answer for a gateway with several: the children of its own that are workers, by /proc. */
export function workerPids(primaryPid: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => isWorkerOf(pid, primaryPid)).map(Number);
}

/** Whether a process is there: not when it has ended and nobody has looked yet. */
export function isAlive(pid: number): boolean {
  const state = statOf(String(pid))?.[0];
  return state !== undefined && state !== 'Z';
}

function isWorkerOf(pid: string, parent: number): boolean {
  const [state, parentPid] = statOf(pid) ?? [];
  if (Number(parentPid) !== parent || state === 'Z') return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('--worker');
  } catch {
    return false;
  }
}

/** From the state on: what comes before, the name of the program, may have spaces (proc_pid_stat(5)). */
function statOf(pid: string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined; // it has ended meanwhile
  }
}
