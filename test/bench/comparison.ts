import { median } from '../support/median.ts';
import type { Sample } from './load-run.ts';
import type { Series } from './rounds.ts';

/** The middle of what the rounds gave, and how far apart they were. */
export type Spread = { median: number; least: number; most: number };

/** One server with one operation. */
export type Comparison = {
  name: string;
  title: string;
  operation: string;
  cpuMicros: Spread;
  requestsPerSecond: Spread;
  p50Millis: Spread;
  p99Millis: Spread;
  /**
   * How many times as much as the baseline, from ratios of the same round: what slowed a whole round down is in both.
   * Undefined where the baseline does not answer this operation.
   */
  cpuRatio?: Spread;
  p99Ratio?: Spread;
  /** True when the load generator, rather than the server, was what could not go faster. */
  limitedByGenerator: boolean;
  /** Cores that neither of the two had. */
  othersBusy: Spread;
  /** What all of this was made from, a round each. */
  samples: readonly Sample[];
};

export const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  least: Math.min(...values),
  most: Math.max(...values),
});

/** Sets every series against that of the server named `baseline` with the same operation. */
export function compare(series: readonly Series[], baseline: string): Comparison[] {
  return series.map(({ contestant, operation, samples }) => {
    const base = series.find(
      (other) => other.contestant.name === baseline && other.operation.name === operation.name,
    );
    const over = (key: 'cpuMicros' | 'p99Millis') =>
      base &&
      spread(samples.map((sample, round) => sample[key] / (base.samples[round]?.[key] ?? Number.NaN)));
    const of = (key: keyof Sample) => spread(samples.map((sample) => sample[key]));
    const [cpuRatio, p99Ratio] = [over('cpuMicros'), over('p99Millis')];
    return {
      name: contestant.name,
      title: contestant.title,
      operation: operation.title,
      cpuMicros: of('cpuMicros'),
      requestsPerSecond: of('requestsPerSecond'),
      p50Millis: of('p50Millis'),
      p99Millis: of('p99Millis'),
      ...(cpuRatio && { cpuRatio }),
      ...(p99Ratio && { p99Ratio }),
      othersBusy: of('othersBusy'),
      samples,
      limitedByGenerator: of('serverBusy').median < 0.95 && of('generatorBusy').median > 0.95,
    };
  });
}
