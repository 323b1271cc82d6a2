import { parseArgs } from 'node:util';
import { sections } from './sections.ts';

export type BenchOptions = {
  sections: typeof sections;
  rounds: number;
  secondsPerRound: number;
  memoryRequests: number;
  /** How many sessions the stores hold; requests go round them. */
  sessionCount: number;
  out: string;
};

/** What `--help` prints. */
export const usage = `Usage: npm run bench [-- options]

Compares this gateway with servers that do the same, and writes what came of it to docs/benchmark.md and
docs/benchmark.json. It takes about forty minutes; nothing else should run meanwhile. It needs Linux, two cores to
itself, and for some of its parts redis-server, python3-flask and gunicorn. Progress goes to standard error.

  --sections ${sections.map(({ name }) => name).join(',')}
                  the parts to run; all by default
  --rounds 5      how often each server is measured with each operation
  --seconds 3     how long each time
  --requests 2000000
                  how many requests the memory is watched over
  --sessions 2000 how many sessions there are, and so how long it is until a request is of the same one again
  --quick         three rounds of one second, and the memory over 100,000 requests
  --out docs      the folder that the report is written to
`;

/** Undefined when help is asked for. @throws Error saying what is wrong */
export function parseBenchOptions(args: string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      sections: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      requests: { type: 'string' },
      sessions: { type: 'string', default: '2000' },
      quick: { type: 'boolean' },
      out: { type: 'string', default: 'docs' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const names = values.sections?.split(',') ?? sections.map(({ name }) => name);
  const unknown = names.filter((name) => !sections.some((section) => section.name === name));
  if (unknown.length > 0) throw new Error(`There is no section ${unknown.join(', ')}\n\n${usage}`);
  const { quick = false } = values;
  return {
    sections: sections.filter(({ name }) => names.includes(name)),
    rounds: positive('--rounds', values.rounds ?? (quick ? '3' : '5')),
    secondsPerRound: positive('--seconds', values.seconds ?? (quick ? '1' : '3')),
    memoryRequests: positive('--requests', values.requests ?? (quick ? '100000' : '2000000')),
    sessionCount: positive('--sessions', values.sessions),
    out: values.out,
  };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option} must be a whole number from 1 on`);
  return value;
}
