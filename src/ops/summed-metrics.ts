import { AggregatorRegistry, type Registry } from 'prom-client';

/** What one process measures, as `registry.getMetricsAsJSON()` gives it. */
export type MetricValues = { name: string; type: string; aggregator: string; values: unknown[] }[];

/** The metrics of several processes, in one. */
export type SummedMetrics = {
  contentType: string;
  /** Keeps the latest values of a process. */
  heard(process: number, values: MetricValues): void;
  /** A process is gone: what it has counted stays counted. */
  gone(process: number): void;
  /**
   * All of them in Prometheus's text format; `answered` are the processes whose latest values are of now. Of the
   * others the counts of before are in the sum: one that fell would look to Prometheus like a start from zero, and
   * all that was ever counted like something new.
   */
  text(answered: ReadonlySet<number>): Promise<string>;
};

/** Sums counts, and takes of the others what prom-client takes: sums, averages for lags, one for versions. */
export function createSummedMetrics(): SummedMetrics {
  const latest = new Map<number, MetricValues>();
  let ended: Promise<MetricValues> = Promise.resolve([]);

  const sumOf = (all: MetricValues[]): Registry => AggregatorRegistry.aggregate(all);

  return {
    contentType: AggregatorRegistry.PROMETHEUS_CONTENT_TYPE,
    heard: (process, values) => void latest.set(process, values),

    gone(process) {
      const last = latest.get(process);
      latest.delete(process);
      if (!last) return;
      ended = ended.then(async (before) => {
        const values: unknown = await sumOf([before, countsOf(last)]).getMetricsAsJSON();
        return values as MetricValues;
      });
    },

    async text(answered) {
      const living = [...latest].map(([process, values]) =>
        answered.has(process) ? values : countsOf(values),
      );
      return sumOf([...living, await ended]).metrics();
    },
  };
}

/** What only ever grows. */
const countsOf = (values: MetricValues): MetricValues =>
  values.filter(({ type }) => type === 'counter' || type === 'histogram' || type === 'summary');
