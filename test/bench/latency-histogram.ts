const bucketMicros = 5;
const buckets = 1_000_000;

/** Latencies, counted in buckets of 5 microseconds up to 5 seconds: to note one costs next to nothing. */
export function createLatencyHistogram() {
  const counts = new Uint32Array(buckets);
  let total = 0;
  return {
    note(millis: number): void {
      const bucket = Math.min(Math.floor((millis * 1000) / bucketMicros), buckets - 1);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      total++;
    },
    count: () => total,
    /** In milliseconds; of nothing NaN. */
    percentile(share: number): number {
      let seen = 0;
      for (let bucket = 0; bucket < buckets; bucket++) {
        seen += counts[bucket] ?? 0;
        if (seen > 0 && seen >= total * share) return ((bucket + 0.5) * bucketMicros) / 1000;
      }
      return Number.NaN;
    },
  };
}
