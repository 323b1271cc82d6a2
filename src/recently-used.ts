/** Values that were made from others and may be made again, kept for as long as they go on being asked for. */
export type RecentlyUsed<V> = {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
};

/**
 * A cache of two generations: what is asked for moves to the younger one; when that is full or old, the elder one goes
 * with all that nobody has asked for since, and the younger takes its place. So a value that is not used any more is
 * gone after `forMillis` to twice that, which matters where it holds secrets, and what is kept has a bound.
 *
 * `most` is the size of one generation, in the units of `sizeOf` (1 for each value without one): twice that is kept at
 * most. A value larger than `most` is not kept at all.
 */
export function createRecentlyUsed<V>(options: {
  most: number;
  forMillis: number;
  sizeOf?: (value: V) => number;
}): RecentlyUsed<V> {
  const { most, forMillis, sizeOf = () => 1 } = options;
  let younger = new Map<string, V>();
  let elder = new Map<string, V>();
  let size = 0;
  let timer: NodeJS.Timeout | undefined;

  function age(): void {
    clearTimeout(timer);
    elder = younger;
    younger = new Map();
    size = 0;
    timer = elder.size === 0 ? undefined : setTimeout(age, forMillis).unref();
  }

  function keep(key: string, value: V): void {
    const added = sizeOf(value);
    if (added > most) return;
    if (size + added > most) age();
    size += added;
    younger.set(key, value);
    timer ??= setTimeout(age, forMillis).unref();
  }

  function drop(key: string): void {
    const value = younger.get(key);
    if (value !== undefined) size -= sizeOf(value);
    younger.delete(key);
    elder.delete(key);
  }

  return {
    get(key) {
      const young = younger.get(key);
      if (young !== undefined) return young;
      const old = elder.get(key);
      if (old === undefined) return undefined;
      elder.delete(key);
      keep(key, old);
      return old;
    },
    set(key, value) {
      drop(key);
      keep(key, value);
    },
    delete: drop,
  };
}
