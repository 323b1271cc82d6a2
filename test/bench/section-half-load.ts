import { compare } from './comparison.ts';
import { baseline, startField } from './field.ts';
import { operationsNamed } from './operations.ts';
import { createEntrants, type Entrant, measureInTurn, runOnce } from './rounds.ts';
import type { Section } from './section.ts';
import { latencyTable, quietness } from './tables.ts';

const about = `Each server gets requests at half of the rate that it was just seen to answer at most. They are due at even distances, and latencies are counted from when a request was due, so that whoever stalls is charged for all that had to wait.`;

/** Latencies of the same question under a load that each server can bear. */
export const halfLoadSection: Section = {
  name: 'half-load',
  title: 'Latency at half saturation, GraphQL `me`',
  async run(bench) {
    await using entrants = createEntrants(bench, { kind: 'lmdb' });
    const operations = operationsNamed(['me']);
    const field = await startField(entrants, ['me']);
    const rates = new Map<Entrant, number>();
    for (const entrant of field)
      for (const operation of operations) {
        await runOnce(bench, entrant, operation, { seconds: bench.warmSeconds });
        const seconds = bench.secondsPerRound;
        const { requestsPerSecond } = await runOnce(bench, entrant, operation, { seconds });
        bench.progress(`${entrant.contestant.name} answers ${requestsPerSecond.toFixed(0)} a second`);
        rates.set(entrant, requestsPerSecond / 2);
      }
    const rateOf = (entrant: Entrant) => rates.get(entrant) ?? Number.NaN;
    const comparisons = compare(
      await measureInTurn({ bench, entrants: field, operations, rateOf }),
      baseline.name,
    );
    return {
      markdown: `${about}\n\n${latencyTable(comparisons)}\n\n${quietness(comparisons)}`,
      json: comparisons,
    };
  },
};
