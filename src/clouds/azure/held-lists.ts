import { type ErrorCode, GatewayError } from '../../errors.ts';
import { throttledError } from './listing-errors.ts';
import type { TenantSubscriptions } from './subscriptions.ts';

/** How old a list may be that is answered because Azure fails, in milliseconds. */
const mostStaleMillis = 3_600_000;

/** How long Azure is left alone after a failure, in milliseconds, unless it says for how long itself. */
const pauseMillis = 5000;

/** What is held at most: tenants, and the subscriptions of all of them together. */
export type Bounds = { tenants: number; subscriptions: number };
const usualBounds: Bounds = { tenants: 500, subscriptions: 200_000 };

/** While Azure is left alone, in milliseconds since 1970. */
type Pause = { at: number; until: number };

type Held = {
  list: TenantSubscriptions;
  /** The last listing failed, and Azure is not asked again before the pause is over. */
  failure?: Pause & { code: ErrorCode };
};

export type HeldLists = {
  /** What a tenant is answered without asking Azure: a fresh list, or a stale one while Azure is left alone. */
  answer(tenantId: string): TenantSubscriptions | undefined;
  put(tenantId: string, list: TenantSubscriptions): void;
  /** The failure that a tenant is told while Azure wants not to be asked for it, as its Retry-After said. */
  refusal(tenantId: string): GatewayError | undefined;
  /** Whether a list is held that is answered in the place of this failure. */
  fail(tenantId: string, error: unknown): boolean;
};

/**
 * The lists that are held, by the id of their tenant and nothing else: everybody with an account of a tenant sees the
 * same. With `freshMillis` 0 nothing is held. The one longest unused goes first.
 */
export function createHeldLists(options: {
  freshMillis: number;
  now: () => number;
  bounds?: Bounds;
}): HeldLists {
  const { freshMillis, now, bounds = usualBounds } = options;
  const lists = new Map<string, Held>();
  /** Until when Azure is not to be asked, in milliseconds since 1970, by tenant. */
  const throttled = new Map<string, Pause>();
  let subscriptions = 0;

  function drop(tenantId: string): void {
    subscriptions -= lists.get(tenantId)?.list.subscriptions.length ?? 0;
    lists.delete(tenantId);
  }

  function keep(tenantId: string, held: Held): void {
    drop(tenantId);
    lists.set(tenantId, held);
    subscriptions += held.list.subscriptions.length;
  }

  function leaveAlone(tenantId: string, { code, details: { retryAfterSeconds = 0 } }: GatewayError): void {
    if (code !== 'AZURE_THROTTLED' || retryAfterSeconds === 0 || freshMillis === 0) return;
    throttled.set(tenantId, pauseOf(retryAfterSeconds * 1000));
    const [oldest] = throttled.keys();
    if (throttled.size > bounds.tenants && oldest !== undefined) throttled.delete(oldest);
  }

  const pauseOf = (millis: number): Pause => ({ at: now(), until: now() + millis });

  /** A clock that was set back ends a pause: it would last until that has caught up. */
  const isDuring = ({ at, until }: Pause) => now() >= at && now() < until;

  /** A clock that was set back makes no list fresher. */
  const ageOf = ({ list }: Held) => Math.abs(now() - list.asOf.getTime());

  /** The list of a tenant, unless it is too old to be answered in any case. */
  function usable(tenantId: string): Held | undefined {
    const held = lists.get(tenantId);
    if (held && ageOf(held) <= Math.max(freshMillis, mostStaleMillis)) return held;
    drop(tenantId);
    return undefined;
  }

  return {
    answer(tenantId) {
      const held = usable(tenantId);
      if (!held) return undefined;
      keep(tenantId, held);
      if (ageOf(held) < freshMillis) return held.list;
      const { failure } = held;
      const isLeftAlone = failure && isDuring(failure) && ageOf(held) <= mostStaleMillis;
      return isLeftAlone ? { ...held.list, stale: { code: failure.code } } : undefined;
    },

    refusal(tenantId) {
      const pause = throttled.get(tenantId);
      if (pause && isDuring(pause)) return throttledError(tenantId, Math.ceil((pause.until - now()) / 1000));
      throttled.delete(tenantId);
      return undefined;
    },

    put(tenantId, list) {
      if (freshMillis === 0) return;
      keep(tenantId, { list });
      for (const oldest of lists.keys()) {
        if (lists.size <= bounds.tenants && subscriptions <= bounds.subscriptions) return;
        drop(oldest);
      }
    },

    fail(tenantId, error) {
      if (!(error instanceof GatewayError)) return false;
      if (isWithdrawal(error)) drop(tenantId);
      leaveAlone(tenantId, error);
      const held = usable(tenantId);
      if (!held || !isPassing(error)) return false;
      keep(tenantId, {
        list: held.list,
        failure: { code: error.code, ...pauseOf(pauseAfter(error)) },
      });
      return true;
    },
  };
}

const isPassing = ({ code }: GatewayError): boolean =>
  ['AZURE_TIMEOUT', 'AZURE_UNAVAILABLE', 'AZURE_THROTTLED', 'AZURE_BAD_RESPONSE'].includes(code);

/** The application may not see the tenant's subscriptions any more: nor may anybody through it. */
const isWithdrawal = ({ code }: GatewayError): boolean =>
  ['AZURE_FORBIDDEN', 'AZURE_AUTHENTICATION_FAILED'].includes(code);

function pauseAfter({ code, details: { retryAfterSeconds = 0 } }: GatewayError): number {
  return code === 'AZURE_THROTTLED' && retryAfterSeconds > 0 ? retryAfterSeconds * 1000 : pauseMillis;
}
