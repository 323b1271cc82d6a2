import type { Canaries } from './canaries.ts';
import type { Finding } from './findings.ts';
import { markerPattern } from './inputs.ts';

/** Reads all that a process writes, looks for what may not be there, and forgets it. */
export type LogWatch = {
  /** What was written to standard output, in parts of any size. */
  output(text: string): void;
  /** What was written to standard error: nothing should be. */
  errors(text: string): void;
};

/** Longest part of a line that is shown. */
const shownCharacters = 1500;

const unforeseen = /"level":"(?:error|fatal)"/;
const foreignLine = /^(?!\{"level":)./m;
const suspicious = new RegExp(
  [markerPattern, unforeseen, foreignLine].map(({ source }) => source).join('|'),
  'm',
);

/**
 * A log in JSON lines. Wrong in it are secrets, what inputs have planted where secrets are, errors that nobody
 * foresaw, and lines that are no JSON: something else has written them.
 */
export function createLogWatch(options: {
  canaries: Canaries;
  found(finding: Finding & { index: number | undefined }): void;
}): LogWatch {
  const { canaries, found } = options;
  let unfinished = '';

  function judgeLine(line: string): void {
    const marked = markerPattern.exec(line)?.[1];
    const faults = [
      ...canaries.foundIn(line).map((name) => `${name} in the log`),
      ...(marked === undefined ? [] : ['a planted secret in the log']),
      ...(unforeseen.test(line) ? ['an unforeseen error in the log'] : []),
      ...(foreignLine.test(line) ? ['a line that the log did not write'] : []),
    ];
    for (const what of faults) {
      const index = marked === undefined ? undefined : Number(marked);
      found({ what, index, details: [`log: ${line.slice(0, shownCharacters)}`] });
    }
  }

  /** Whether lines are worth a closer look: almost none are. */
  const isSuspicious = (lines: string): boolean =>
    suspicious.test(lines) || canaries.foundIn(lines).length > 0;

  return {
    output(text) {
      const end = text.lastIndexOf('\n') + 1;
      const lines = unfinished + text.slice(0, end);
      unfinished = end === 0 ? unfinished + text : text.slice(end);
      if (end > 0 && isSuspicious(lines)) lines.split('\n').forEach(judgeLine);
    },
    errors: (text) =>
      found({
        what: 'output on standard error',
        index: undefined,
        details: [text.slice(0, shownCharacters)],
      }),
  };
}
