import { parseArgs } from 'node:util';
import { type InputClass, inputClasses } from './inputs.ts';

export const usage = `Usage: npm run fuzz [-- --seed 1] [--inputs 200000] [--class all]

Throws hostile inputs at a gateway that runs as a process of its own, on LMDB and the clouds of the sandbox. Expected
is that each is answered or closed in time and with no failure, that nothing secret is in an answer or in the log, and
that the signed-in session whose cookie goes along is still signed in.

  --seed <n>      a whole number: the same inputs again (default: by chance, and printed)
  --inputs <n>    how many, from 1 to 100000000 (default 200000)
  --class <name>  raw (bytes on the socket), http (requests in odd shapes), graphql (operations on the schema), or all
                  of them in turn (default)
  --only <index>[,<index>]
                  these inputs alone, in turn over one connection, shown with what they are answered; needs --seed, and
                  the --class that they were found under
  --help          this text

Exit code 0: no findings; 1: some; 2: it could not be run.
`;

export type FuzzOptions = {
  seed: number;
  inputs: number;
  class: InputClass | 'all';
  /** The inputs that are sent instead of all. */
  only: number[] | undefined;
};

/** What was asked for on the command line. */
export type FuzzCommand = { kind: 'help' } | ({ kind: 'run' } & FuzzOptions);

/** @throws Error naming the argument that is wrong */
export function parseOptions(args: string[]): FuzzCommand {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      inputs: { type: 'string', default: '200000' },
      class: { type: 'string', default: 'all' },
      only: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return { kind: 'help' };
  const inputClass = [...inputClasses, 'all' as const].find((name) => name === values.class);
  if (inputClass === undefined) throw new Error(`--class must be ${inputClasses.join(', ')} or all`);
  if (values.only !== undefined && values.seed === undefined) throw new Error('--only needs the --seed');
  return {
    kind: 'run',
    seed: wholeNumber('--seed', values.seed ?? String(Math.floor(Math.random() * 1_000_000)), 0, 999_999_999),
    inputs: wholeNumber('--inputs', values.inputs, 1, 100_000_000),
    class: inputClass,
    only: values.only?.split(',').map((index) => wholeNumber('--only', index, 0, 100_000_000)),
  };
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${least} to ${most}`);
}
