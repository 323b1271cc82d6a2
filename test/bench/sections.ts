import { programSection } from './program-section.ts';
import type { Section } from './section.ts';
import { halfLoadSection } from './section-half-load.ts';
import { lmdbSection } from './section-lmdb.ts';
import { memorySection } from './section-memory.ts';
import { redisSection } from './section-redis.ts';
import { startSection } from './section-start.ts';
import { workersSection } from './section-workers.ts';

const azureListingSection = programSection({
  name: 'azure-listing',
  title: 'Listing Azure subscriptions',
  about:
    'How long a session with twenty tenants waits for their subscriptions, against the longest chain of calls of one tenant; and how often Azure, a double on the other core, is asked when a thousand ask at once.',
  program: ['azure-listing.ts'],
});

/**
 * All parts of the benchmark, in the order of the report. Another one is a file beside these, a `Section` or a program
 * of its own (see `program-section.ts`), and its name here.
 */
export const sections: readonly Section[] = [
  lmdbSection,
  redisSection,
  halfLoadSection,
  azureListingSection,
  workersSection,
  startSection,
  memorySection,
];
