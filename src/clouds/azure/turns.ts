import { beforeEnd } from '../deadline.ts';

export type Turns = {
  /**
   * Does `work` when it is its turn, at once where there is room.
   *
   * @param signal ends the waiting; the work only where that looks at it too
   * @throws the reason of `signal`
   */
  during<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
};

/**
 * At most so many things at once; the others wait, and go on in the order in which they came. No two begin in the same
 * round of the event loop: each is some work before its first request leaves, and begun together, none would leave
 * before all of them are prepared.
 */
export function createTurns(most: number): Turns {
  let free = most;
  const waiting = new Set<() => void>();
  let lastBeginning = Promise.resolve();

  async function take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.add(resolve);
    try {
      await beforeEnd(signal, promise);
    } catch (error) {
      const wasGiven = !waiting.delete(resolve); // a turn that came at the very end
      if (wasGiven) give();
      throw error;
    }
  }

  function give(): void {
    const [next] = waiting;
    if (!next) {
      free += 1;
      return;
    }
    waiting.delete(next);
    next();
  }

  return {
    async during(signal, work) {
      await take(signal);
      try {
        lastBeginning = lastBeginning.then(nextRound);
        await lastBeginning;
        signal.throwIfAborted();
        return await work();
      } finally {
        give();
      }
    },
  };
}

const nextRound = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
