import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { asked } from './outage.ts';
import { recordKey } from './record-key.ts';
import type { SessionStore } from './session-store.ts';

export type Leases = {
  /**
   * Runs `work` while no other process that shares the store does any of the same name. Waits for its turn.
   *
   * @throws GatewayError SESSION_STORE_UNAVAILABLE when the store does not answer
   */
  during<T>(name: string, work: () => Promise<T>): Promise<T>;
};

/** A lease whose holder has died ends by itself after so long, in milliseconds; until then the living extend theirs. */
const leaseMillis = 6_000;

/** How long to wait before asking for a lease again, in milliseconds. */
const pauseMillis = 50;

/** Leases as records in the session store, so that they reach as far as the sessions do. */
export function createLeases(store: SessionStore, now: () => number = Date.now): Leases {
  /** One that stood still for too long may have lost it to another by now. */
  async function giveBack(key: string, holder: Buffer): Promise<void> {
    try {
      const held = await store.get(key);
      if (held?.value.equals(holder)) await store.destroy(key);
    } catch {
      // it ends with its time
    }
  }

  return {
    async during(name, work) {
      const key = recordKey('lease', name);
      const holder = Buffer.from(randomUUID());
      while (!(await asked(store.create(key, holder, now() + leaseMillis)))) await delay(pauseMillis);
      const extend = () => store.extend(key, now() + leaseMillis).catch(() => false);
      const extending = setInterval(extend, leaseMillis / 3).unref();
      try {
        return await work();
      } finally {
        clearInterval(extending);
        await giveBack(key, holder);
      }
    },
  };
}
