import { parseOptions, type SoakCommand, usage } from './options.ts';
import { isAsExpected, lastLine, progressLine, report } from './report.ts';
import { type Look, runSoak } from './run-soak.ts';
import { canSample } from './sampling.ts';
import { verdictOf } from './verdict.ts';

/**
 * `npm run soak`: a gateway under mixed traffic for ten minutes, with faults of its clouds. It has to answer
 * everything as it should, and to stop growing.
 */

/**
 * Each fault is on for some seconds, and then nothing is wrong for longer: both have to be got through. A hang has to
 * outlast the five seconds after which the gateway asks AWS once more.
 */
const [faultMs, calmMs] = [6000, 15_000];

/** How many samples come between two lines of progress: 30 seconds. */
const samplesPerLine = 6;

function commandOf(args: string[]): SoakCommand {
  try {
    return parseOptions(args);
  } catch (error) {
    giveUp(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

function giveUp(text: string): never {
  process.stderr.write(text);
  process.exit(2);
}

const print = (text: string) => void process.stdout.write(`${text}\n`);

const command = commandOf(process.argv.slice(2));
if (command.kind === 'help') {
  print(usage.trimEnd());
} else if (!canSample()) {
  giveUp('The soak looks at the gateway in /proc, which this system does not have; run it on Linux.\n');
} else {
  const { minutes, seed } = command;
  print(`A soak of ${minutes} min, seed ${seed}`);
  let sinceLine: Look[] = [];
  const sampled = (look: Look) => {
    sinceLine.push(look);
    if (sinceLine.length < samplesPerLine) return;
    print(progressLine(sinceLine));
    sinceLine = [];
  };
  const interrupting = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupting.abort());
  const { signal: interrupted } = interrupting;
  const soak = await runSoak({ durationMs: minutes * 60_000, seed, faultMs, calmMs, interrupted, sampled });
  const verdict = verdictOf(soak.looks.map(({ sample }) => sample));
  print(report(soak, verdict));
  print(interrupted.aborted ? 'soak: interrupted before its time' : lastLine(soak, { minutes, verdict }));
  process.exitCode = isAsExpected(soak, verdict) && !interrupted.aborted ? 0 : 1;
}
