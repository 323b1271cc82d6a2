import { readFileSync } from 'node:fs';

/** The most memory that a process has held so far, in bytes (`VmHWM`, proc(5)). */
export function peakMemoryBytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`The process ${pid} shows no VmHWM`);
  return Number(kilobytes) * 1024;
}
