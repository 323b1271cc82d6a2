import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRecentlyUsed } from '../src/recently-used.ts';

describe('what was used recently', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is kept for as long as it is asked for', () => {
    const kept = createRecentlyUsed<number>({ most: 10, forMillis: 1000 });
    kept.set('used', 1);
    kept.set('unused', 2);
    for (let times = 0; times < 10; times++) {
      vi.advanceTimersByTime(900);
      expect(kept.get('used')).toBe(1);
    }
    expect(kept.get('unused')).toBeUndefined();
  });

  it('is gone after twice its time, with its timer, when nobody asks', () => {
    const kept = createRecentlyUsed<number>({ most: 10, forMillis: 1000 });
    kept.set('one', 1);
    vi.advanceTimersByTime(2000);
    expect(vi.getTimerCount()).toBe(0);
    expect(kept.get('one')).toBeUndefined();
  });

  it('has a bound, and keeps what was used last', () => {
    const kept = createRecentlyUsed<number>({ most: 10, forMillis: 1000 });
    for (let value = 0; value < 100; value++) {
      kept.set(`${value}`, value);
      kept.get('0');
    }
    const found = Array.from({ length: 100 }, (_, value) => kept.get(`${value}`)).filter(
      (value) => value !== undefined,
    );
    expect(found).toContain(0);
    expect(found).toContain(99);
    expect(found.length).toBeGreaterThanOrEqual(10);
    expect(found.length).toBeLessThanOrEqual(20);
  });

  it('counts sizes, and does not keep what is too large by itself', () => {
    const kept = createRecentlyUsed<string>({ most: 10, forMillis: 1000, sizeOf: ({ length }) => length });
    kept.set('large', 'x'.repeat(11));
    expect(kept.get('large')).toBeUndefined();
    for (const name of ['a', 'b', 'c', 'd', 'e']) kept.set(name, name.repeat(5));
    expect([...'abcde'].filter((name) => kept.get(name))).toEqual(['c', 'd', 'e']);
  });

  it('forgets what is deleted, and takes the place of what is set again', () => {
    const kept = createRecentlyUsed<number>({ most: 10, forMillis: 1000 });
    kept.set('one', 1);
    kept.set('one', 2);
    expect(kept.get('one')).toBe(2);
    kept.delete('one');
    expect(kept.get('one')).toBeUndefined();
  });
});
