import type { Log } from '../../log.ts';
import { createHeldLists } from './held-lists.ts';
import { createSharedWork } from './shared-work.ts';
import type { AzureSubscriptions, TenantSubscriptions } from './subscriptions.ts';

/**
 * Lists each tenant once for everybody who asks at the same time, answers what was listed less than `cacheSeconds`
 * ago, and an older list while Azure fails (decision 18).
 */
export function createSharedListings(options: {
  /** Asks Azure; `abandoned` ends when nobody waits for the list any more. */
  listTenant(tenantId: string, abandoned: AbortSignal): Promise<TenantSubscriptions>;
  cacheSeconds: number;
  log: Log;
  now: () => number;
}): AzureSubscriptions {
  const { listTenant, cacheSeconds, log, now } = options;
  const held = createHeldLists({ freshMillis: cacheSeconds * 1000, now });

  const listings = createSharedWork(async (tenantId, abandoned) => {
    try {
      const list = await listTenant(tenantId, abandoned);
      held.put(tenantId, list);
      return list;
    } catch (err) {
      if (!abandoned.aborted && held.fail(tenantId, err))
        log.warn({ err, tenantId }, 'Listing failed; while it does, the list held before is answered');
      throw err;
    }
  });

  return {
    async list(tenantId, { gone, refresh = false } = {}) {
      gone?.throwIfAborted();
      const answer = refresh ? undefined : held.answer(tenantId);
      if (answer) return answer;
      const refusal = held.refusal(tenantId);
      if (refusal) throw refusal;
      if (refresh) return listings.join(tenantId, gone);
      try {
        return await listings.join(tenantId, gone);
      } catch (error) {
        const stale = gone?.aborted ? undefined : held.answer(tenantId);
        if (!stale) throw error;
        return stale;
      }
    },
  };
}
