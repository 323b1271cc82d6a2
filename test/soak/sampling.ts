import { readdirSync, readFileSync } from 'node:fs';
import { scrape } from '../ops/scrape.ts';
import type { SoakedGateway } from './soaked-gateway.ts';

/** The gateway process at one moment. Memory is in MB of 1,000,000 bytes. */
export type Sample = {
  /** Milliseconds since the traffic began. */
  atMs: number;
  /** All that is resident, the mapped pages of LMDB's file and the program's own code among it. */
  rssMb: number;
  /**
   * What is resident of memory that is no file's (`RssAnon`, proc(5)): heaps, stacks and buffers, and all that can
   * leak. It is what counts as memory here: the pages of LMDB's file that are mapped become more with every session
   * that is made, as they should, and the kernel takes them back when it needs them.
   */
  anonymousMb: number;
  /** What is used of V8's heap: the garbage since its last collection is in it. */
  heapMb: number;
  descriptors: number;
  /** Sessions that were begun and not ended by a sign-out. */
  sessions: number;
};

/** Whether this system shows the memory and the descriptors of a process as Linux does. */
export function canSample(): boolean {
  try {
    return memoryOf(process.pid, 'RssAnon') > 0 && descriptorsOf(process.pid) > 0;
  } catch {
    return false;
  }
}

/** Looks at the process from outside, and at its metrics as Prometheus does. */
export async function sampleGateway(
  { pid, metricsUrl }: Pick<SoakedGateway, 'pid' | 'metricsUrl'>,
  atMs: number,
): Promise<Sample> {
  const metrics = await scrape({ metricsUrl });
  const read = (name: string): number => {
    const value = metrics.value(name);
    if (value === undefined) throw new Error(`The gateway has no metric ${name}`);
    return value;
  };
  return {
    atMs,
    rssMb: memoryOf(pid, 'VmRSS'),
    anonymousMb: memoryOf(pid, 'RssAnon'),
    heapMb: read('nodejs_heap_size_used_bytes') / 1_000_000,
    descriptors: descriptorsOf(pid),
    sessions: read('mcm_sessions_started_total') - read('mcm_sessions_ended_total'),
  };
}

/** A field of `/proc/<pid>/status`, in MB. */
function memoryOf(pid: number, field: 'VmRSS' | 'RssAnon'): number {
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  )?.[1];
  if (kibibytes === undefined) throw new Error(`The process ${pid} shows no ${field}`);
  return (Number(kibibytes) * 1024) / 1_000_000;
}

const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
