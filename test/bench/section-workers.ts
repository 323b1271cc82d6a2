import { spawnSync } from 'node:child_process';
import { workerPids } from '../process/worker-pids.ts';
import { median } from '../support/median.ts';
import { spread } from './comparison.ts';
import { gateway } from './gateway-contestant.ts';
import type { Sample } from './load-run.ts';
import { operationsNamed } from './operations.ts';
import { bothCores, canPin } from './pinning.ts';
import { createEntrants, type Entrant, runOnce } from './rounds.ts';
import type { Section } from './section.ts';
import { markdownTable } from './tables.ts';

const about = `One process on a core of its own, with the load generator on the other; and two processes on both cores, among which the load generator then is, so that they do not have all of two cores, and their throughput there is no measure. The last column is what counts: how many requests a second the cores give at that CPU time for each, one core for one process and two for two. The process that hands out connections is in it. Nothing waits for anything but a core: idle is what was left of both.`;

const one = gateway({ name: 'workers-1', title: '`WORKERS=1`' });
const two = gateway({ name: 'workers-2', title: '`WORKERS=2`' }, { WORKERS: '2' });

/** Lets the processes of a server run on both cores: started on one, all of its threads and children are kept to it. */
function spreadOut(pid: number): void {
  for (const each of [pid, ...workerPids(pid)])
    if (spawnSync('taskset', ['-a', '-c', '-p', bothCores, `${each}`]).status !== 0)
      throw new Error(`taskset cannot move process ${each}`);
}

/** What so many cores answer in a second, when nobody else takes of them. */
const perSecondOn = (cores: number, { cpuMicros }: Sample): number => (cores * 1_000_000) / cpuMicros;

/** What was left of both cores. */
const idleOf = ({ serverBusy, generatorBusy, othersBusy }: Sample): number =>
  Math.max(0, 2 - serverBusy - generatorBusy - othersBusy);

/** How much more two processes answer than one. */
export const workersSection: Section = {
  name: 'workers',
  title: 'Two processes, GraphQL `me`',
  async run(bench) {
    if (!canPin) return { markdown: 'Not measured: it takes `taskset` and two cores.', json: null };
    await using entrants = createEntrants(bench, { kind: 'lmdb' });
    const [operation] = operationsNamed(['me']);
    const single = await entrants.add(one);
    const double = await entrants.add(two);
    if (!operation || !single || !double) throw new Error('The gateway cannot be measured');
    spreadOut(double.running.server.pid);

    const measured = new Map<Entrant, Sample[]>([
      [single, []],
      [double, []],
    ]);
    for (const entrant of measured.keys())
      await runOnce(bench, entrant, operation, { seconds: 2 * bench.warmSeconds });
    for (let round = 1; round <= bench.rounds; round++)
      for (const [entrant, samples] of measured) {
        const sample = await runOnce(bench, entrant, operation, { seconds: bench.secondsPerRound });
        samples.push(sample);
        const { requestsPerSecond, cpuMicros, othersBusy } = sample;
        bench.progress(
          `round ${round} of ${bench.rounds}: ${entrant.contestant.name}: ${cpuMicros.toFixed(1)} µs, ${requestsPerSecond.toFixed(0)}/s, others ${othersBusy.toFixed(2)} of a core`,
        );
      }

    const [ofOne = [], ofTwo = []] = measured.values();
    const ratio = spread(
      ofTwo.map((sample, round) => (2 * (ofOne[round]?.cpuMicros ?? Number.NaN)) / sample.cpuMicros),
    );
    const row = (title: string, cores: number, samples: readonly Sample[]) => {
      const of = (value: (sample: Sample) => number) => median(samples.map(value));
      return [
        title,
        Math.round(of(({ requestsPerSecond }) => requestsPerSecond)).toLocaleString('en'),
        of(({ cpuMicros }) => cpuMicros).toFixed(1),
        of(({ generatorBusy }) => generatorBusy).toFixed(2),
        of(idleOf).toFixed(2),
        of(({ othersBusy }) => othersBusy).toFixed(2),
        Math.round(of((sample) => perSecondOn(cores, sample))).toLocaleString('en'),
      ];
    };
    const titles = ['', 'requests/s there', 'CPU µs each', 'generator', 'idle', 'others', 'on its cores'];
    const table = markdownTable(titles, [row(one.title, 1, ofOne), row(two.title, 2, ofTwo)]);
    const found = `Two processes answer **${ratio.median.toFixed(2)} times** as much as one (${ratio.least.toFixed(2)}..${ratio.most.toFixed(2)}, by round).`;
    return { markdown: `${about}\n\n${table}\n\n${found}`, json: { ratio, one: ofOne, two: ofTwo } };
  },
};
