import type { Finding } from './findings.ts';
import type { FuzzOptions } from './options.ts';
import type { Tally } from './tally.ts';

/** Findings that are printed in full; the rest is only counted. */
export const mostShown = 20;

/** A finding, with the command that sends its input again. */
export function findingText({ what, input, after, details }: Finding, options: FuzzOptions): string {
  const which = input ? `class ${input.class}, index ${input.index}` : 'no single input';
  const again = input
    ? `npm run fuzz -- --seed ${options.seed} --class ${options.class} --only ${after === undefined ? '' : `${after},`}${input.index}`
    : `npm run fuzz -- --seed ${options.seed} --class ${options.class} --inputs ${options.inputs}`;
  return [`FINDING: ${what} (seed ${options.seed}, ${which})`, ...details, `again: ${again}`].join('\n    ');
}

/** The line that is printed while it runs. */
export function progressLine(tally: Tally, seconds: number): string {
  const statuses = [...tally.statuses()]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status}: ${count}`);
  const rate = Math.round(tally.inputs() / Math.max(seconds, 0.001));
  return `${String(Math.round(seconds)).padStart(5)} s  ${tally.inputs()} inputs, ${rate}/s, ${tally.findings()} findings; ${statuses.join(', ')}`;
}

const columns = ['inputs', '2xx', '3xx', '4xx', '5xx', 'closed', 'silent'];

/** A row for each class of inputs: how many there were, and what was answered; pipelined requests have several answers. */
export function table(tally: Tally): string {
  const line = (cells: (string | number)[]) =>
    cells.map((cell, at) => String(cell).padStart(at ? 9 : 8)).join('');
  const rows = [...tally.groups()].map(([name, counts]) =>
    line([name, ...columns.map((column) => counts.get(column) ?? 0)]),
  );
  return [line(['class', ...columns]), ...rows].join('\n');
}

/** The one line that says it all. */
export const lastLine = (tally: Tally): string => `${tally.inputs()} inputs, ${tally.findings()} findings`;
