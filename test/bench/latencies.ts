/** In microseconds. */
export type Latencies = { p50: number; p99: number };

/** Does something many times, one after the other, after as many again (at most 2,000) that do not count. */
export async function measure(times: number, work: () => Promise<unknown>): Promise<Latencies> {
  for (let warm = 0; warm < Math.min(times, 2_000); warm++) await work();
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
