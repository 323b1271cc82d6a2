import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Of a process with all its threads and children. CPU time is user and system time since it started. */
export type Usage = { cpuMicros: number; residentBytes: number };

/** Where the numbers come from; the bench runs nowhere else. */
export const canMeasure = process.platform === 'linux';

let units: { ticks: number; pageBytes: number } | undefined;

/** @throws Error when the process is not there (any more) */
export function usageOf(pid: number): Usage {
  const { ticks, pageBytes } = unitsOfSystem();
  let [cpuTicks, pages] = [0, 0];
  for (const each of [pid, ...descendants(pid)]) {
    // The name in brackets may hold anything; what comes after has fixed places (proc_pid_stat(5)).
    const fields = readFileSync(`/proc/${each}/stat`, 'latin1').split(') ').pop()?.split(' ') ?? [];
    cpuTicks += Number(fields[11]) + Number(fields[12]);
    pages += Number(fields[21]);
  }
  return { cpuMicros: (cpuTicks / ticks) * 1_000_000, residentBytes: pages * pageBytes };
}

/** CPU time in microseconds that was not idle since the machine started, on all cores, all processes' (proc_stat(5)). */
export function machineCpuMicros(): number {
  const [, user, nice, system, , , irq, softirq, steal] = (
    readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? ''
  ).split(/ +/);
  const busy = [user, nice, system, irq, softirq, steal].reduce((sum, text) => sum + Number(text), 0);
  return (busy / unitsOfSystem().ticks) * 1_000_000;
}

function unitsOfSystem() {
  units ??= { ticks: Number(getconf('CLK_TCK')), pageBytes: Number(getconf('PAGESIZE')) };
  return units;
}

function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

const getconf = (name: string): string => execFileSync('getconf', [name], { encoding: 'utf8' });
