import { beforeEach, describe, expect, it } from 'vitest';
import { createHeldLists, type HeldLists } from '../../src/clouds/azure/held-lists.ts';
import type { TenantSubscriptions } from '../../src/clouds/azure/subscriptions.ts';
import { type ErrorCode, GatewayError } from '../../src/errors.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

let now: number;
let held: HeldLists;
beforeEach(() => {
  now = Date.UTC(2026, 0, 31);
  held = createHeldLists({ freshMillis: 30 * second, now: () => now });
});

const listOf = (count: number, tenantId = 't'): TenantSubscriptions => {
  const asOf = new Date(now);
  return {
    asOf,
    subscriptions: Array.from({ length: count }, (_, index) => ({
      provider: 'azure',
      tenantId,
      subscriptionId: `${tenantId}-${index}`,
      displayName: null,
      state: null,
      asOf,
    })),
  };
};
const failure = (code: ErrorCode, retryAfterSeconds?: number) =>
  new GatewayError(code, code, { details: retryAfterSeconds === undefined ? {} : { retryAfterSeconds } });

/** A list that is held, and not fresh any more. */
function holdOld(): TenantSubscriptions {
  const list = listOf(2);
  held.put('t', list);
  now += 30 * second;
  return list;
}

describe('a list that is held', () => {
  it('is answered until it is as old as it may be', () => {
    const list = listOf(2);
    held.put('t', list);
    now += 30 * second - 1;
    expect(held.answer('t')).toBe(list);
    now += 1;
    expect(held.answer('t')).toBeUndefined();
  });

  it('is that tenant’s alone, by its id to the letter', () => {
    held.put('t', listOf(2));
    expect([held.answer('T'), held.answer('t '), held.answer('u')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is no fresher for a clock that was set back', () => {
    held.put('t', listOf(2));
    now -= hour;
    expect(held.answer('t')).toBeUndefined();
  });

  it('is not held at all without a cache', () => {
    held = createHeldLists({ freshMillis: 0, now: () => now });
    held.put('t', listOf(2));
    expect(held.answer('t')).toBeUndefined();
    expect(held.fail('t', failure('AZURE_TIMEOUT'))).toBe(false);
    expect(held.answer('t')).toBeUndefined();
  });
});

describe('while Azure fails', () => {
  it.each(['AZURE_TIMEOUT', 'AZURE_UNAVAILABLE', 'AZURE_THROTTLED', 'AZURE_BAD_RESPONSE'] as const)(
    'with %s the old list is answered, and said to be stale, for five seconds',
    (code) => {
      const list = holdOld();
      expect(held.fail('t', failure(code))).toBe(true);
      expect(held.answer('t')).toEqual({ ...list, stale: { code } });
      now += 5 * second - 1;
      expect(held.answer('t')).toEqual({ ...list, stale: { code } });
      now += 1;
      expect(held.answer('t')).toBeUndefined();
    },
  );

  it('a list that is still fresh is not stale', () => {
    const list = listOf(2);
    held.put('t', list);
    held.fail('t', failure('AZURE_TIMEOUT'));
    expect(held.answer('t')).toBe(list);
  });

  it('it is left alone for as long as Retry-After says', () => {
    const list = holdOld();
    held.fail('t', failure('AZURE_THROTTLED', 372));
    now += 372 * second - 1;
    expect(held.answer('t')).toEqual({ ...list, stale: { code: 'AZURE_THROTTLED' } });
    now += 1;
    expect(held.answer('t')).toBeUndefined();
  });

  it('no list of more than an hour ago is answered, whatever Retry-After says', () => {
    holdOld();
    held.fail('t', failure('AZURE_THROTTLED', 86_400));
    now += hour - 30 * second;
    expect(held.answer('t')).toMatchObject({ stale: { code: 'AZURE_THROTTLED' } });
    now += 1;
    expect(held.answer('t')).toBeUndefined();
    expect(held.fail('t', failure('AZURE_TIMEOUT'))).toBe(false);
  });

  it('nor a list of a day ago that was fresh until then', () => {
    held = createHeldLists({ freshMillis: 24 * hour, now: () => now });
    const list = listOf(2);
    held.put('t', list);
    now += 23 * hour;
    expect(held.answer('t')).toBe(list);
    now += hour;
    held.fail('t', failure('AZURE_TIMEOUT'));
    expect(held.answer('t')).toBeUndefined();
  });

  it.each(['AZURE_FORBIDDEN', 'AZURE_AUTHENTICATION_FAILED'] as const)(
    'with %s what is held is dropped, fresh or not',
    (code) => {
      held.put('t', listOf(2));
      expect(held.fail('t', failure(code))).toBe(false);
      expect(held.answer('t')).toBeUndefined();
      expect(held.fail('t', failure('AZURE_TIMEOUT'))).toBe(false);
    },
  );

  it('a failure of our own is not hidden behind an old list', () => {
    holdOld();
    expect(held.fail('t', new TypeError('a bug'))).toBe(false);
    expect(held.answer('t')).toBeUndefined();
  });

  it('a list that comes after all is fresh', () => {
    holdOld();
    held.fail('t', failure('AZURE_TIMEOUT'));
    const list = listOf(3);
    held.put('t', list);
    expect(held.answer('t')).toBe(list);
  });
});

describe('what is held is bounded', () => {
  const heldOf = (...tenants: string[]) => tenants.filter((tenantId) => held.answer(tenantId));

  it('by tenants, the one longest unused going first', () => {
    held = createHeldLists({
      freshMillis: minute,
      now: () => now,
      bounds: { tenants: 2, subscriptions: 100 },
    });
    held.put('a', listOf(1));
    held.put('b', listOf(1));
    held.answer('a');
    held.put('c', listOf(1));
    expect(heldOf('a', 'b', 'c')).toEqual(['a', 'c']);
  });

  it('by subscriptions of all tenants together', () => {
    held = createHeldLists({
      freshMillis: minute,
      now: () => now,
      bounds: { tenants: 10, subscriptions: 10 },
    });
    for (const tenantId of ['a', 'b', 'c']) held.put(tenantId, listOf(3));
    for (let again = 0; again < 5; again++) held.put('a', listOf(3)); // its place, not another
    expect(heldOf('a', 'b', 'c')).toEqual(['a', 'b', 'c']);
    held.put('d', listOf(7));
    expect(heldOf('a', 'b', 'c', 'd')).toEqual(['c', 'd']);
    held.put('e', listOf(11));
    expect(heldOf('a', 'b', 'c', 'd', 'e')).toEqual([]);
  });
});
