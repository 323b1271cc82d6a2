import { median } from '../support/median.ts';
import type { Comparison, Spread } from './comparison.ts';

/** A Markdown table; all columns but the first are numbers. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

const ratio = (value: Spread | undefined): string =>
  value ? `${value.median.toFixed(2)} (${value.least.toFixed(2)}..${value.most.toFixed(2)})` : '–';

const whole = (value: number): string => Math.round(value).toLocaleString('en');

/** One table for each operation, with what else has to be said of it. `missing` are servers that could not run. */
export function comparisonTables(
  comparisons: readonly Comparison[],
  missing: readonly { title: string; operations: readonly string[]; why: string }[] = [],
): string {
  const byOperation = Map.groupBy(comparisons, ({ operation }) => operation);
  return [...byOperation]
    .map(([operation, rows]) => {
      const table = markdownTable(
        ['', 'CPU µs per request', 'times the gateway’s', 'requests/s', 'p50 ms', 'p99 ms'],
        [
          ...rows.map((row) => [
            row.title + (row.limitedByGenerator ? ' ¹' : ''),
            row.cpuMicros.median.toFixed(1),
            ratio(row.cpuRatio),
            whole(row.requestsPerSecond.median),
            row.p50Millis.median.toFixed(2),
            row.p99Millis.median.toFixed(2),
          ]),
          ...missing
            .filter(({ operations }) => operations.includes(operation))
            .map(({ title, why }) => [title, why, '–', '–', '–', '–']),
        ],
      );
      const note = rows.some(({ limitedByGenerator }) => limitedByGenerator)
        ? '\n\n¹ The load generator was the limit: throughput and latency are its own, the CPU time is the server’s.'
        : '';
      return `**${operation}**\n\n${table}${note}`;
    })
    .join('\n\n');
}

/** One table of latencies under a load that a server can bear. */
export const latencyTable = (comparisons: readonly Comparison[]): string =>
  markdownTable(
    ['', 'requests/s', 'p50 ms', 'p99 ms (least..most)', 'times the gateway’s p99'],
    comparisons.map((row) => [
      row.title,
      whole(row.requestsPerSecond.median),
      row.p50Millis.median.toFixed(2),
      `${row.p99Millis.median.toFixed(2)} (${row.p99Millis.least.toFixed(2)}..${row.p99Millis.most.toFixed(2)})`,
      ratio(row.p99Ratio),
    ]),
  );

/** How quiet the machine was; a busy one makes numbers that nobody should quote. */
export function quietness(comparisons: readonly Comparison[]): string {
  const cores = median(comparisons.map(({ othersBusy }) => othersBusy.median));
  const said = `Beside server and load generator, the machine was busy with ${(cores * 100).toFixed(0)} % of one core (median of all rounds).`;
  return cores > 0.15 ? `${said} **That is too much for these numbers to be trusted.**` : said;
}
