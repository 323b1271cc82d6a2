import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type BenchOptions, parseBenchOptions, usage } from './bench-options.ts';
import { cleanUpAtEnd } from './cleanup.ts';
import { startLoadGenerator } from './load-generator.ts';
import { describeMachine } from './machine.ts';
import { peerProgram } from './peer-contestants.ts';
import { canPin, clientCore } from './pinning.ts';
import { canMeasure } from './process-usage.ts';
import { type Result, writeReport } from './report.ts';
import { sampleSessions } from './sample-sessions.ts';

/** `npm run bench`: this gateway beside servers that do the same. */

/** At least this long for each server and operation before its first round, in seconds. */
const warmSeconds = 3;

const startedAt = performance.now();

function progress(text: string): void {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stderr.write(`${String(seconds).padStart(5)} s  ${text}\n`);
}

/** The packages of the peers, at the versions of their lock file. They are no part of what the gateway needs. */
function installPeers(): void {
  if (existsSync(peerProgram('node_modules'))) return;
  progress('installing the packages of test/bench/peers (npm ci)');
  // What `npm run` tells its children of itself would make this npm take the wrong folder for its own.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: peerProgram('.'),
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('npm ci has failed in test/bench/peers');
}

async function run(options: BenchOptions): Promise<void> {
  if (!canMeasure) throw new Error('The benchmark needs Linux: it takes CPU times from /proc');
  installPeers();
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', `${clientCore}`, `${process.pid}`]);
  else progress('processes are not pinned: there is no taskset, or no second core');
  await using generator = startLoadGenerator();
  const { rounds, secondsPerRound, memoryRequests } = options;
  const sessions = sampleSessions(options.sessionCount);
  const results: Result[] = [];
  for (const { name, title, run } of options.sections) {
    progress(`section ${name}`);
    const bench = { rounds, secondsPerRound, warmSeconds, memoryRequests, sessions, generator };
    const report = await run({ ...bench, progress: (text) => progress(`${name}: ${text}`) });
    results.push({ name, title, ...report });
    process.stdout.write(`\n## ${title}\n\n${report.markdown}\n`);
  }
  const command = ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])];
  writeReport({ options, command: command.join(' '), machine: describeMachine(), results });
  progress(`written to ${options.out}/benchmark.md and ${options.out}/benchmark.json`);
}

try {
  const options = parseBenchOptions(process.argv.slice(2));
  cleanUpAtEnd();
  if (options) await run(options);
  else process.stdout.write(usage);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
