import { compare } from './comparison.ts';
import { baseline, missing, startField } from './field.ts';
import { operations } from './operations.ts';
import { createEntrants, measureInTurn } from './rounds.ts';
import type { Section } from './section.ts';
import { comparisonTables, quietness } from './tables.ts';

/** What a request costs with the sessions in LMDB, as fast as each server can go. */
export const lmdbSection: Section = {
  name: 'lmdb',
  title: 'Sessions in LMDB',
  async run(bench) {
    await using entrants = createEntrants(bench, { kind: 'lmdb' });
    const field = await startField(
      entrants,
      operations.map(({ name }) => name),
    );
    const series = await measureInTurn({ bench, entrants: field, operations });
    const comparisons = compare(series, baseline.name);
    return {
      markdown: `${comparisonTables(comparisons, missing())}\n\n${quietness(comparisons)}`,
      json: comparisons,
    };
  },
};
