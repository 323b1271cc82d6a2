import { median } from '../support/median.ts';

/** In microseconds. */
export type Latencies = { p50: number; p99: number };

/** The machine does other things too: the slice that they fall into must not decide. */
const slices = 5;

/**
 * Does something many times, one after the other, after as many again (at most 2,000) that do not count. The times
 * are cut into slices; of each percentile the median of the slices is what counts.
 */
export async function measure(times: number, work: () => Promise<unknown>): Promise<Latencies> {
  for (let warm = 0; warm < Math.min(times, 2_000); warm++) await work();
  const found: Latencies[] = [];
  for (let slice = 0; slice < slices; slice++)
    found.push(await measureSlice(Math.ceil(times / slices), work));
  return { p50: median(found.map(({ p50 }) => p50)), p99: median(found.map(({ p99 }) => p99)) };
}

async function measureSlice(times: number, work: () => Promise<unknown>): Promise<Latencies> {
  const micros = new Float64Array(times);
  for (let at = 0; at < times; at++) {
    const startedAt = performance.now();
    await work();
    micros[at] = (performance.now() - startedAt) * 1000;
  }
  micros.sort();
  const percentile = (share: number) => micros[Math.floor(times * share)] ?? Number.NaN;
  return { p50: percentile(0.5), p99: percentile(0.99) };
}
