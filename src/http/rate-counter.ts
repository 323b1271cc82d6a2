import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Log } from '../log.ts';
import { beforeDeadline } from '../session/deadline.ts';
import type { Count, SessionStore } from '../session/session-store.ts';

/** Counts one more under a key, in a window that the first one begins. Never rejects. */
export type RateCounter = (key: string) => Promise<Count>;

/**
 * How long the store may take to count, in milliseconds. What it has not answered by then delays nobody any longer:
 * the session has to be read after it, and answered within a second in all (see `redis-limits.ts`).
 */
const countMillis = 150;

/** For how long the store is not asked again after it has failed to count, in milliseconds. */
const pauseMillis = 1_000;

/** How many keys are remembered; they take about 50 MB. */
const mostKeys = 100_000;

/**
 * Counts in the session store, where that can, so that all gateways in front of it share one count; otherwise, and
 * while the store does not answer, in this process.
 */
export function createRateCounter(options: {
  store: Pick<SessionStore, 'count'>;
  windowSeconds: number;
  log: Log;
}): RateCounter {
  const { store, windowSeconds, log } = options;
  const countHere = createMemoryCounter(windowSeconds);
  let isShared = true;
  let askAgainAt = 0;

  return async (key) => {
    if (!store.count || performance.now() < askAgainAt) return countHere(key);
    try {
      const counted = await beforeDeadline(store.count(key, windowSeconds * 1000), countMillis);
      if (!isShared) log.info('Rate limits are shared again');
      isShared = true;
      return counted;
    } catch (err) {
      if (isShared) log.warn({ err }, 'Rate limits are counted by each gateway for itself');
      isShared = false;
      askAgainAt = performance.now() + pauseMillis;
      return countHere(key);
    }
  };
}

/**
 * The library forgets a key when its window has ended. That alone would be no bound for who has a provider's worth
 * of subnets to send from: of more keys than `most` the oldest is forgotten early, and its client starts anew.
 */
export function createMemoryCounter(windowSeconds: number, most = mostKeys): RateCounter {
  const counts = new RateLimiterMemory({ points: 0, duration: windowSeconds, keyPrefix: '' });
  const keys = new Set<string>();
  const oldestFirst = keys.values(); // one for good: a new one would step over all that was deleted, each time

  return async (key) => {
    const { consumedPoints, msBeforeNext, isFirstInDuration } = await counts.penalty(key);
    if (isFirstInDuration) {
      keys.delete(key);
      keys.add(key);
    }
    if (keys.size > most) {
      const { value: oldest = key } = oldestFirst.next();
      keys.delete(oldest);
      await counts.delete(oldest);
    }
    return { count: consumedPoints, endsInMillis: msBeforeNext };
  };
}
