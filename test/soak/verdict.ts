import { median } from '../support/median.ts';
import type { Sample } from './sampling.ts';

/** Values over time; `atMs` is milliseconds since the traffic began. */
export type Series = { atMs: number; value: number }[];

/** How much more the second half may have: the larger of a share of the first half's level, and a fixed amount. */
export type Slack = { share: number; least: number };

/** The levels of the halves, and the most that the second may be. */
export type Flatness = { isFlat: boolean; before: number; after: number; most: number };

/** The length over which a lowest value is taken, in milliseconds: garbage is collected twice in it. */
const valleyMs = 30_000;

/**
 * Whether values have stopped to grow: undefined where there are not enough of them, which is in runs of less than
 * three minutes.
 *
 * Looked at is the last third alone, as caches, pools and the compiler fill up before. It is cut in two halves, and
 * each into valleys of about 30 seconds. Of a valley the lowest value counts: the heap rises until garbage is
 * collected, and connections come and go with the traffic, but what has leaked is there in the lowest value too. The
 * level of a half is the median of its valleys, so that one odd valley does not decide. The second half may be above
 * the first by the slack, and no more.
 *
 * What this finds, at a hundred requests a second in ten minutes: the middles of the halves are 100 seconds, and so
 * 10,000 requests, apart. A leak of a kilobyte a request is 10 MB then.
 */
export function flatnessOf(series: Series, slack: Slack): Flatness | undefined {
  const endMs = series.at(-1)?.atMs ?? 0;
  const halfMs = endMs / 6;
  const valleys = Math.floor(halfMs / valleyMs + 0.1); // the last sample may come a moment too early
  if (valleys < 1) return undefined;
  const levels = [endMs - 2 * halfMs, endMs - halfMs].map((fromMs) => {
    const lowest = Array.from({ length: valleys }, (_, at) => {
      const [from, to] = [at, at + 1].map((step) => fromMs + (step * halfMs) / valleys) as [number, number];
      return Math.min(...series.filter(({ atMs }) => atMs > from && atMs <= to).map(({ value }) => value));
    });
    return median(lowest.filter(Number.isFinite));
  });
  const [before = Number.NaN, after = Number.NaN] = levels;
  const most = before + Math.max(before * slack.share, slack.least);
  return { isFlat: after <= most, before, after, most };
}

export type Verdict = { anonymous: Flatness; heap: Flatness; descriptors: Flatness };

/**
 * Of memory, 5 % and in any case some MB, which V8 keeps or gives back as it likes. Of descriptors a tenth: about a
 * hundred are connections of the traffic, of which ten more or fewer are open from one half minute to the next. One
 * that leaks in a thousand requests makes more than that in the 100 seconds between the halves.
 */
const slacks: Record<keyof Verdict, Slack> = {
  anonymous: { share: 0.05, least: 8 },
  heap: { share: 0.05, least: 4 },
  descriptors: { share: 0.1, least: 10 },
};

/** Whether the process has stopped to grow; undefined after less than three minutes. */
export function verdictOf(samples: readonly Sample[]): Verdict | undefined {
  const flatness = (of: keyof Verdict, read: (sample: Sample) => number) =>
    flatnessOf(
      samples.map((sample) => ({ atMs: sample.atMs, value: read(sample) })),
      slacks[of],
    );
  const anonymous = flatness('anonymous', ({ anonymousMb }) => anonymousMb);
  const heap = flatness('heap', ({ heapMb }) => heapMb);
  const descriptors = flatness('descriptors', (sample) => sample.descriptors);
  return anonymous && heap && descriptors ? { anonymous, heap, descriptors } : undefined;
}
