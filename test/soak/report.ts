import { median } from '../support/median.ts';
import { kinds } from './ledger.ts';
import type { Look, Soak } from './run-soak.ts';
import type { Flatness, Verdict } from './verdict.ts';

/** What one row of the table is about. */
type Row = {
  requests: number;
  faults: number;
  unexpected: number;
  rssMb: number;
  anonymousMb: number;
  heapMb: number;
  descriptors: number;
  sessions: number;
  p50: number;
  p99: number;
};

/** One row of several looks: memory and descriptors are those of the middle look, the heap its lowest. */
function rowOf(looks: readonly Look[]): Row {
  const sum = (of: 'requests' | 'faults' | 'unexpected') =>
    looks.reduce((total, { interval }) => total + interval[of], 0);
  const middle = (of: 'rssMb' | 'anonymousMb' | 'descriptors') =>
    median(looks.map(({ sample }) => sample[of]));
  const millis = looks.flatMap(({ interval }) => interval.ownMillis).sort((a, b) => a - b);
  const percentile = (share: number) => millis[Math.floor(millis.length * share)] ?? Number.NaN;
  return {
    requests: sum('requests'),
    faults: sum('faults'),
    unexpected: sum('unexpected'),
    rssMb: middle('rssMb'),
    anonymousMb: middle('anonymousMb'),
    heapMb: Math.min(...looks.map(({ sample }) => sample.heapMb)),
    descriptors: middle('descriptors'),
    sessions: looks.at(-1)?.sample.sessions ?? 0,
    p50: percentile(0.5),
    p99: percentile(0.99),
  };
}

/** The line that is printed while it runs. */
export function progressLine(looks: readonly Look[]): string {
  const row = rowOf(looks);
  const seconds = Math.round((looks.at(-1)?.sample.atMs ?? 0) / 1000);
  return [
    `${String(seconds).padStart(5)} s`,
    `${row.requests} requests`,
    `${row.faults} met faults`,
    `${row.unexpected} unexpected`,
    `${row.anonymousMb.toFixed(0)} MB (resident ${row.rssMb.toFixed(0)}, heap ${row.heapMb.toFixed(0)})`,
    `${row.descriptors} descriptors`,
    `p50 ${row.p50.toFixed(1)} ms, p99 ${row.p99.toFixed(1)} ms`,
  ].join(', ');
}

const columns: [title: string, cell: (row: Row) => string][] = [
  ['requests', ({ requests }) => String(requests)],
  ['faults', ({ faults }) => String(faults)],
  ['unexpected', ({ unexpected }) => String(unexpected)],
  ['sessions', ({ sessions }) => String(sessions)],
  ['RSS MB', ({ rssMb }) => rssMb.toFixed(1)],
  ['RssAnon MB', ({ anonymousMb }) => anonymousMb.toFixed(1)],
  ['heap MB', ({ heapMb }) => heapMb.toFixed(1)],
  ['descriptors', ({ descriptors }) => descriptors.toFixed(0)],
  ['p50 ms', ({ p50 }) => p50.toFixed(1)],
  ['p99 ms', ({ p99 }) => p99.toFixed(1)],
];

const line = (cells: string[]) =>
  cells.map((cell, at) => cell.padStart((columns[at - 1]?.[0].length ?? 6) + 2)).join('');

/** A row a minute. */
function table(looks: readonly Look[]): string[] {
  const byMinute = Map.groupBy(looks, ({ sample }) => Math.max(0, Math.ceil(sample.atMs / 60_000 - 0.05)));
  return [
    line(['minute', ...columns.map(([title]) => title)]),
    ...[...byMinute].map(([minute, ofMinute]) => {
      const row = rowOf(ofMinute);
      return line([String(minute), ...columns.map(([, cell]) => cell(row))]);
    }),
  ];
}

const counted = (counts: Iterable<readonly [string, number]>): string[] =>
  [...counts].map(([what, count]) => `  ${String(count).padStart(7)}  ${what}`);

function judged(what: string, unit: string, { isFlat, before, after, most }: Flatness): string {
  const shown = (value: number) => `${Number(value.toFixed(1))}${unit}`;
  return `  ${what}: ${isFlat ? 'flat' : 'NOT FLAT'}, ${shown(before)}, then ${shown(after)}; at most ${shown(most)} is flat`;
}

/** All that is printed at the end, but for the last line. */
export function report({ looks, ledger, faultsMet }: Soak, verdict: Verdict | undefined): string {
  const failures = ledger.failures.first.map((text, at) => `  ${at + 1}. ${text}`);
  const sections = [
    ['', 'Per minute. Times are of requests that ask nothing upstream:', ...table(looks)],
    ['Requests:', ...counted(kinds.map((kind) => [kind, ledger.count(kind)] as const))],
    ['Requests that met a fault of the clouds:', ...counted(faultsMet)],
    failures.length > 0 ? [`The first of ${ledger.failures.count} unexpected failures:`, ...failures] : [],
    verdict
      ? [
          'The last third, its first half and its second (lowest value per 30 seconds, the median of those):',
          judged('memory that is no file (RssAnon)', ' MB', verdict.anonymous),
          judged('used heap', ' MB', verdict.heap),
          judged('descriptors', '', verdict.descriptors),
        ]
      : [],
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => `${section.join('\n')}\n`)
    .join('\n');
}

/** The one line that says it all. */
export function lastLine(soak: Soak, options: { minutes: number; verdict: Verdict | undefined }): string {
  const requests = kinds.reduce((total, kind) => total + soak.ledger.count(kind), 0);
  const { verdict, minutes } = options;
  const flat = (isFlat: boolean) => (isFlat ? 'flat' : 'NOT flat');
  const growth = verdict
    ? `memory ${flat(verdict.anonymous.isFlat && verdict.heap.isFlat)}, descriptors ${flat(verdict.descriptors.isFlat)}`
    : 'too short to judge memory and descriptors';
  return `soak: ${requests} requests in ${minutes} min, ${soak.ledger.failures.count} unexpected failures, ${growth}`;
}

/** Whether all was as it should be. */
export const isAsExpected = (soak: Soak, verdict: Verdict | undefined): boolean =>
  soak.ledger.failures.count === 0 && Object.values(verdict ?? {}).every(({ isFlat }: Flatness) => isFlat);
