import type { Eventual } from '../eventual.ts';
import type { Log } from '../log.ts';
import { beforeDeadline } from '../session/deadline.ts';
import { recordKey } from '../session/record-key.ts';
import type { Count, SessionStore } from '../session/session-store.ts';

/** Counts one more of somebody, in a window that the first one begins; at once in memory. Never rejects. */
export type CountOf = (who: string) => Eventual<Count>;

/** Makes what counts for a limit, by its name. */
export type RateCounter = (limit: string) => CountOf;

/**
 * How long the store may take to count, in milliseconds. What it has not answered by then delays nobody any longer:
 * the session has to be read after it, and answered within a second in all (see `redis-limits.ts`).
 */
const countMillis = 150;

/** For how long the store is not asked again after it has failed to count, in milliseconds. */
const pauseMillis = 1_000;

/** How many are remembered for each limit; they take about 20 MB. */
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
  let isShared = true;
  let askAgainAt = 0;

  /** What the store has counted; undefined where it has not, in time. */
  async function countInStore(count: NonNullable<SessionStore['count']>, key: string) {
    try {
      const counted = await beforeDeadline(count(key, windowSeconds * 1000), countMillis);
      if (!isShared) log.info('Rate limits are shared again');
      isShared = true;
      return counted;
    } catch (err) {
      if (isShared) log.warn({ err }, 'Rate limits are counted by each gateway for itself');
      isShared = false;
      askAgainAt = performance.now() + pauseMillis;
      return undefined;
    }
  }

  return (limit) => {
    const countHere = createMemoryCounter(windowSeconds);
    return (who) => {
      if (!store.count || performance.now() < askAgainAt) return countHere(who);
      const counting = countInStore(store.count, recordKey('limit', `${limit} ${who}`));
      return counting.then((counted) => counted ?? countHere(who));
    };
  };
}

/** `endsAt`: by `performance.now()`. */
type Window = { count: number; endsAt: number };

/**
 * Counts in this process. Windows are in the order in which they end, so that those that are over are at the front,
 * where each new one takes some away. That alone would be no bound for who has a provider's worth of subnets to send
 * from: of more keys than `most` the oldest is forgotten early, and its client starts anew.
 */
export function createMemoryCounter(windowSeconds: number, most = mostKeys): (key: string) => Count {
  const windowMillis = windowSeconds * 1000;
  const windows = new Map<string, Window>();
  const oldestFirst = windows.entries(); // one for good: a new one would step over all that was deleted, each time
  let oldest: [key: string, window: Window] | undefined;

  /** Whether the oldest window was taken away: it is over, or one too many. */
  function forgetOldest(now: number): boolean {
    while (!oldest || windows.get(oldest[0]) !== oldest[1]) oldest = oldestFirst.next().value;
    const [key, { endsAt }] = oldest;
    return (endsAt <= now || windows.size > most) && windows.delete(key);
  }

  return (key) => {
    const now = performance.now();
    let window = windows.get(key);
    if (!window || window.endsAt <= now) {
      window = { count: 0, endsAt: now + windowMillis };
      windows.delete(key);
      windows.set(key, window);
      if (forgetOldest(now)) forgetOldest(now);
    }
    window.count++;
    return { count: window.count, endsInMillis: Math.round(window.endsAt - now) };
  };
}
