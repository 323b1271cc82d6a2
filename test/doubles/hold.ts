/** A wait that a test ends: for requests that are to be under way while something else happens. */
export type Hold = {
  /** Resolves with the first `wait`. */
  arrived: Promise<void>;
  wait(): Promise<void>;
  /** Lets all go on, those to come too. */
  release(): void;
};

/** Keeps whoever awaits `wait()` until `release()`. */
export function createHold(): Hold {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  return {
    arrived: arrived.promise,
    wait() {
      arrived.resolve();
      return released.promise;
    },
    release: () => released.resolve(),
  };
}
