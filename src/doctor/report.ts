import type { Environment } from '../config.ts';
import { settingNames, settings } from '../config-settings.ts';
import type { Problem, Verdict } from './check.ts';

/** What stands before a line. Words, so that it can be read without colours. */
const marks = {
  ok: { word: 'ok', colour: 32 },
  warning: { word: 'warning', colour: 33 },
  fault: { word: 'FAULT', colour: 31 },
  untold: { word: '-', colour: 90 },
} as const;

const indent = ' '.repeat(10);

/** The lines of one check: what was looked at, and of everything that is wrong what it is and its mend. */
export function reportOf(title: string, verdict: Verdict, colours: boolean): string {
  const { looked, untold = false, notes = [], faults = [], warnings = [] } = verdict;
  const kind = faults.length > 0 ? 'fault' : warnings.length > 0 ? 'warning' : untold ? 'untold' : 'ok';
  const { word, colour } = marks[kind];
  const mark = word.padEnd(8);
  const lines = [
    `  ${colours ? `\u001b[${colour}m${mark}\u001b[0m` : mark}${title}: ${looked}`,
    ...notes.map((note) => `${indent}${note}`),
    ...faults.flatMap((problem) => linesOf('Wrong', problem)),
    ...warnings.flatMap((problem) => linesOf('Look', problem)),
  ];
  return `${lines.join('\n')}\n`;
}

const linesOf = (what: string, { problem, mend }: Problem): string[] => [
  `${indent}${what}: ${problem}`,
  `${indent}Mend: ${mend}`,
];

/**
 * Hides the values of secret variables and passwords in URLs, whatever came to print them. Values shorter than a
 * secret has any sense with are left: they would take letters out of words.
 */
export function createHide(environment: Environment): (text: string) => string {
  const secrets = settingNames
    .filter((name) => 'secret' in settings[name])
    .flatMap((name) => [environment[name]?.trim() ?? '', ...(environment[name] ?? '').split(',')])
    .filter((secret) => secret.length >= 6);
  return (text) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, '(hidden)'), text)
      .replace(/:\/\/[^/\s]*@/g, '://(hidden)@');
}
