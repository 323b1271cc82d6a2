import { createSeededRandom } from '../support/seeded-random.ts';
import { keepIdle, sendHalf, sendSlowly } from './connections.ts';
import { pause } from './pause.ts';
import { askBadly, readAnonymously, showBadCookie } from './strangers.ts';
import { impatientVisit, type Traffic, visit } from './visits.ts';

type Act = (traffic: Traffic, turn: number) => Promise<void>;

/** Who is there at once, and how long each rests between two visits or requests, in milliseconds. */
const crowd: { act: Act; howMany: number; restMs: number }[] = [
  { act: visit, howMany: 20, restMs: 200 },
  { act: impatientVisit, howMany: 3, restMs: 200 },
  { act: askBadly, howMany: 2, restMs: 60 },
  { act: readAnonymously, howMany: 2, restMs: 60 },
  { act: showBadCookie, howMany: 1, restMs: 100 },
  { act: sendSlowly, howMany: 3, restMs: 200 },
  { act: sendHalf, howMany: 4, restMs: 200 },
  { act: keepIdle, howMany: 15, restMs: 100 },
];

/**
 * Everybody, until `stopped`; resolves when the last request is over. What each does follows from the seed; how they
 * come together does not, as that is a matter of time. `broken` hears what is no answer of the gateway, as when the
 * sandbox has no sign-in page.
 */
export async function runTraffic(
  options: Omit<Traffic, 'random'> & { seed: number; broken(error: unknown): void },
): Promise<void> {
  const { seed, broken, ...traffic } = options;
  const everybody = crowd.flatMap(({ act, howMany, restMs }) =>
    Array.from({ length: howMany }, (_, index) => ({ act, index, restMs })),
  );
  const coming = everybody.map(async ({ act, index, restMs }, at) => {
    const random = createSeededRandom(seed * 1000 + at);
    await pause(random.integer(0, restMs), traffic.stopped);
    for (let turn = index; !traffic.stopped.aborted; turn++) {
      await act({ ...traffic, random }, turn).catch(broken);
      await pause(random.integer(restMs / 2, restMs * 1.5), traffic.stopped);
    }
  });
  await Promise.all(coming);
}
