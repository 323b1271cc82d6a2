import { parseArgs } from 'node:util';

export const usage = `Usage: npm run soak [-- --minutes 10] [--seed 1]

Runs a gateway as a process of its own, on LMDB and the clouds of the sandbox, under mixed traffic and with faults of
the clouds. Expected is that nothing fails but what the faults explain, and that memory and open descriptors are
flat in the last third of the time.

  --minutes <n>   how long, more than 0 and at most 1440 (default 10); flatness is judged from 3 on
  --seed <n>      a whole number: the same choices again (default: by chance, and printed)
  --help          this text

Exit code 0: all as expected; 1: not; 2: it could not be run.
`;

/** What was asked for on the command line. */
export type SoakCommand = { kind: 'help' } | { kind: 'run'; minutes: number; seed: number };

/** @throws Error naming the argument that is wrong */
export function parseOptions(args: string[]): SoakCommand {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return { kind: 'help' };
  const minutes = Number(values.minutes);
  if (!/^\d*\.?\d+$/.test(values.minutes) || !(minutes > 0 && minutes <= 1440))
    throw new Error('--minutes must be a number, more than 0 and at most 1440');
  if (!/^\d{1,9}$/.test(values.seed)) throw new Error('--seed must be a whole number of at most nine digits');
  return { kind: 'run', minutes, seed: Number(values.seed) };
}
