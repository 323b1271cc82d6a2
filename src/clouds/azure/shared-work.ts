import { beforeEnd } from '../deadline.ts';

export type SharedWork<T> = {
  /**
   * What the work under way for `key` comes to, or else new work for it.
   *
   * @param gone ends this caller's waiting, and nobody else's
   * @throws what the work throws; the reason of `gone`
   */
  join(key: string, gone?: AbortSignal): Promise<T>;
};

type UnderWay<T> = { outcome: Promise<T>; waiting: number; abandon(reason: unknown): void };

/**
 * Does work once for all who want it at the same time. Work for which nobody waits any more is abandoned: its signal
 * ends, for the reason of who left last, and whoever comes after that begins anew.
 */
export function createSharedWork<T>(
  work: (key: string, abandoned: AbortSignal) => Promise<T>,
): SharedWork<T> {
  const underWay = new Map<string, UnderWay<T>>();

  function begin(key: string): UnderWay<T> {
    const controller = new AbortController();
    const forget = () => {
      if (underWay.get(key) === begun) underWay.delete(key);
    };
    const begun: UnderWay<T> = {
      outcome: work(key, controller.signal).finally(forget),
      waiting: 0,
      abandon(reason) {
        if (underWay.get(key) !== begun) return; // it is over
        forget();
        controller.abort(reason);
      },
    };
    underWay.set(key, begun);
    return begun;
  }

  return {
    async join(key, gone) {
      gone?.throwIfAborted();
      const joined = underWay.get(key) ?? begin(key);
      joined.waiting += 1;
      try {
        return await (gone ? beforeEnd(gone, joined.outcome) : joined.outcome);
      } finally {
        joined.waiting -= 1;
        if (joined.waiting === 0) joined.abandon(gone?.reason);
      }
    },
  };
}
