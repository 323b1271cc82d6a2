import { expect, test } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { leastOf, raceLogouts } from '../support/raced-logouts.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

test('a logout wins over whatever is in flight, 10 000 times', { timeout: 600_000 }, async () => {
  using folder = createTemporaryFolder();
  const outcomes = await raceLogouts({
    rounds: 10_000,
    openStore: () => openLmdbSessionStore(folder.path),
  });
  expect(leastOf(outcomes)).toBeGreaterThan(100);
});
