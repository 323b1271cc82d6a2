import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { beforeDeadline } from './deadline.ts';
import { callMillis, connectMillis, heartbeatMillis, mostInFlight, pauseMillis } from './redis-limits.ts';
import type { RedisLink } from './redis-link.ts';

export type RedisConnection = {
  /**
   * Runs `work` on the link as it is now.
   *
   * @throws Error at once when there is none, when too much waits already, or after `callMillis`
   */
  use<T>(work: (link: RedisLink) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/**
 * Keeps one link to Redis open: asks it every now and then whether it is there and still the primary, and opens
 * another when it is not, for as long as it takes. Calls never wait for one to be opened.
 *
 * Resolves when the first attempt has succeeded, or failed.
 */
export async function openRedisConnection(options: {
  open: (signal: AbortSignal) => Promise<RedisLink>;
  /** Whether what a call was answered shows that the link is of no use any more. */
  endsLink: (error: unknown) => boolean;
  /** What the log says when there is no link any more, and when there is one again. */
  says: { lost: string; refused: string; back: string };
  log: Log;
}): Promise<RedisConnection> {
  const { open, endsLink, says, log } = options;
  const closing = new AbortController();
  /** The link with how many calls wait for it. */
  let current: { link: RedisLink; inFlight: number } | undefined;
  let failure: unknown;
  /** What the log says of this outage already. */
  const said = new Set<string>();
  /** Ends the pause between two heartbeats. */
  let wake = new AbortController();

  function failed(error: unknown): void {
    if (closing.signal.aborted) return;
    failure = error;
    const message = isRefusal(error) ? says.refused : says.lost;
    if (!said.has(message)) log.warn({ err: error }, message);
    said.add(message);
    if (current && !current.link.hasParts) replace(undefined);
  }

  /** What a link is still asked when it is replaced gets the time that it has. */
  function replace(link: RedisLink | undefined): void {
    const before = current?.link;
    current = link && { link, inFlight: 0 };
    if (before) setTimeout(() => before.destroy(), callMillis).unref();
  }

  async function openAnother(): Promise<void> {
    try {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(connectMillis)]);
      const opened = await beforeDeadline(open(signal), connectMillis + pauseMillis);
      replace(opened);
      await beforeDeadline(opened.check(), callMillis);
      if (failure !== undefined) log.info(says.back);
      failure = undefined;
      said.clear();
    } catch (error) {
      failed(error);
    }
  }

  async function keepOpen(): Promise<void> {
    while (!closing.signal.aborted) {
      wake = new AbortController();
      const pause = failure === undefined ? heartbeatMillis : pauseMillis;
      await delay(pause, undefined, { ref: false, signal: wake.signal }).catch(() => undefined);
      if (failure === undefined && current)
        await beforeDeadline(current.link.check(), callMillis).catch(failed);
      else if (!closing.signal.aborted) await openAnother();
    }
  }

  await openAnother();
  const kept = keepOpen();

  return {
    async use(work) {
      const used = current;
      if (!used) throw new Error('There is no connection to Redis', { cause: failure });
      if (used.inFlight >= mostInFlight) throw new Error('Too many calls wait for Redis');
      used.inFlight += 1;
      const working = work(used.link).finally(() => {
        used.inFlight -= 1;
      });
      try {
        return await beforeDeadline(working, callMillis);
      } catch (error) {
        if (endsLink(error)) {
          failed(error);
          wake.abort();
        }
        throw error;
      }
    },
    async close() {
      closing.abort();
      wake.abort();
      current?.link.destroy(); // which ends a check under way
      await kept;
      current?.link.destroy(); // which may have been opened meanwhile
      current = undefined;
    },
  };
}

/** Whether Redis has answered that it wants somebody or something else, which time alone does not mend. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && /(^|: )(WRONGPASS|NOAUTH|NOPERM|DENIED|ERR) /.test(error.message);
}
