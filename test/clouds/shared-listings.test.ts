import { beforeEach, describe, expect, it } from 'vitest';
import { createSharedListings } from '../../src/clouds/azure/shared-listings.ts';
import type { AzureSubscriptions, TenantSubscriptions } from '../../src/clouds/azure/subscriptions.ts';
import { GatewayError } from '../../src/errors.ts';
import { createMemoryLog, type MemoryLog } from '../support/memory-log.ts';

/** A listing that Azure was asked for, and that a test answers. */
type Asked = PromiseWithResolvers<TenantSubscriptions> & { tenantId: string; abandoned: AbortSignal };

let now: number;
let asked: Asked[];
let log: MemoryLog;
let listings: AzureSubscriptions;

function start(cacheSeconds = 30): void {
  now = Date.UTC(2026, 0, 31);
  asked = [];
  log = createMemoryLog();
  listings = createSharedListings({
    listTenant(tenantId, abandoned) {
      const listing = { ...Promise.withResolvers<TenantSubscriptions>(), tenantId, abandoned };
      abandoned.addEventListener('abort', () => listing.reject(abandoned.reason));
      asked.push(listing);
      return listing.promise;
    },
    cacheSeconds,
    log: log.log,
    now: () => now,
  });
}
beforeEach(() => start());

const listed = (): TenantSubscriptions => ({ subscriptions: [], asOf: new Date(now) });
const answer = (list = listed()): void => asked.at(-1)?.resolve(list);
const fail = (error: unknown = new GatewayError('AZURE_UNAVAILABLE', 'Azure is away')): void =>
  asked.at(-1)?.reject(error);

/** Lists it, so that it is held. */
async function hold(tenantId: string): Promise<TenantSubscriptions> {
  const listing = listings.list(tenantId);
  answer();
  return listing;
}

describe('a thousand callers at once', () => {
  it.each([30, 0])('are one listing, with a cache of %i seconds', async (cacheSeconds) => {
    start(cacheSeconds);
    const callers = Array.from({ length: 1000 }, () => listings.list('t'));
    expect(asked).toHaveLength(1);
    const list = listed();
    answer(list);
    for (const each of await Promise.all(callers)) expect(each).toBe(list);
  });

  it('are told of one failure together, and the next one asks anew', async () => {
    const callers = Array.from({ length: 1000 }, () => listings.list('t'));
    fail();
    for (const outcome of await Promise.allSettled(callers))
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'AZURE_UNAVAILABLE' } });
    await hold('t');
    expect(asked).toHaveLength(2);
  });

  it('of different tenants are a listing for each', async () => {
    const [one, other] = [listings.list('t1'), listings.list('t2')];
    expect(asked.map(({ tenantId }) => tenantId)).toEqual(['t1', 't2']);
    const list = listed();
    asked[1]?.resolve(list);
    expect(await other).toBe(list);
    asked[0]?.resolve(listed());
    expect(await one).not.toBe(list);
  });
});

it('asks again when the list is too old, and without a cache each time', async () => {
  await hold('t');
  await listings.list('t');
  expect(asked).toHaveLength(1);
  now += 30_000;
  await hold('t');
  expect(asked).toHaveLength(2);
  start(0);
  await hold('t');
  await hold('t');
  expect(asked).toHaveLength(2);
});

describe('a caller that goes away', () => {
  it('ends its own waiting at once, and not that of the others', async () => {
    const leaving = new AbortController();
    const left = listings.list('t', { gone: leaving.signal });
    const staying = listings.list('t', { gone: new AbortController().signal });
    const reason = new Error('gone');
    leaving.abort(reason);
    await expect(left).rejects.toBe(reason);
    expect(asked[0]?.abandoned.aborted).toBe(false);
    const list = listed();
    answer(list);
    expect(await staying).toBe(list);
  });

  it('ends the listing when it was the last one, and the next caller begins another', async () => {
    const [first, last] = [new AbortController(), new AbortController()];
    const waiting = [first, last].map(({ signal }) => listings.list('t', { gone: signal }));
    first.abort(new Error('first'));
    last.abort(new Error('last'));
    expect(await Promise.allSettled(waiting)).toMatchObject([
      { reason: { message: 'first' } },
      { reason: { message: 'last' } },
    ]);
    expect(asked[0]?.abandoned.reason).toMatchObject({ message: 'last' });
    await hold('t');
    expect(asked).toHaveLength(2);
    expect(log.entries()).toEqual([]);
  });

  it('that was gone before it asked has nothing listed', async () => {
    await expect(listings.list('t', { gone: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
    expect(asked).toEqual([]);
  });

  it('does not end a listing that is over', async () => {
    const leaving = new AbortController();
    const listing = listings.list('t', { gone: leaving.signal });
    answer();
    await listing;
    leaving.abort();
    expect(asked[0]?.abandoned.aborted).toBe(false);
  });
});

describe('while Azure fails', () => {
  it('an old list is answered to all who wait, the log has one warning, and Azure five seconds of peace', async () => {
    const { asOf } = await hold('t');
    now += 60_000;
    const callers = Array.from({ length: 10 }, () => listings.list('t'));
    fail();
    for (const list of await Promise.all(callers))
      expect(list).toEqual({ subscriptions: [], asOf, stale: { code: 'AZURE_UNAVAILABLE' } });
    expect(await listings.list('t')).toMatchObject({ stale: { code: 'AZURE_UNAVAILABLE' } });
    expect(asked).toHaveLength(2);
    expect(log.entries()).toMatchObject([
      { level: 'warn', tenantId: 't', err: { code: 'AZURE_UNAVAILABLE' } },
    ]);
    now += 5000;
    await hold('t');
    expect(asked).toHaveLength(3);
  });

  it('it is not asked before its Retry-After is over, by a refresh neither, also where no list is held', async () => {
    const first = listings.list('t');
    fail(
      new GatewayError('AZURE_THROTTLED', 'later', { details: { tenantId: 't', retryAfterSeconds: 372 } }),
    );
    await expect(first).rejects.toThrow('later');
    now += 300_000;
    for (const options of [{}, { refresh: true }])
      await expect(listings.list('t', options)).rejects.toMatchObject({
        code: 'AZURE_THROTTLED',
        details: { tenantId: 't', retryAfterSeconds: 72 },
      });
    expect(asked).toHaveLength(1);
    now += 72_000;
    await hold('t');
    expect(asked).toHaveLength(2);
  });

  it('nobody is answered a list when access was withdrawn', async () => {
    await hold('t');
    now += 60_000;
    const refused = listings.list('t');
    fail(new GatewayError('AZURE_FORBIDDEN', 'no more'));
    await expect(refused).rejects.toThrow('no more');
    const late = listings.list('t');
    fail();
    await expect(late).rejects.toThrow('Azure is away');
  });
});

describe('a refresh', () => {
  it('asks Azure although a list is held, and brings everybody the new one', async () => {
    await hold('t');
    const refreshed = listings.list('t', { refresh: true });
    const list = listed();
    answer(list);
    expect(await refreshed).toBe(list);
    expect(await listings.list('t')).toBe(list);
    expect(asked).toHaveLength(2);
  });

  it('joins a listing that is under way', async () => {
    const [listing, refreshed] = [listings.list('t'), listings.list('t', { refresh: true })];
    answer();
    expect(await refreshed).toBe(await listing);
    expect(asked).toHaveLength(1);
  });

  it('that fails is an error, and others have the old list', async () => {
    await hold('t');
    now += 60_000;
    const [refreshed, other] = [listings.list('t', { refresh: true }), listings.list('t')];
    fail();
    await expect(refreshed).rejects.toMatchObject({ code: 'AZURE_UNAVAILABLE' });
    expect(await other).toMatchObject({ stale: { code: 'AZURE_UNAVAILABLE' } });
    const again = listings.list('t', { refresh: true });
    expect(asked).toHaveLength(3);
    answer();
    expect(await again).not.toHaveProperty('stale');
  });
});
