export type SeededRandom = {
  /** From `least` to `most`, both included. */
  integer(least: number, most: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
};

/** The same choices for the same seed, so that a failure can be looked at again (mulberry32, public domain). */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed | 0;

  /** From 0 to 1, exclusive. */
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    integer,
    pick: ([first, ...rest]) => rest[integer(-1, rest.length - 1)] ?? first,
  };
}
