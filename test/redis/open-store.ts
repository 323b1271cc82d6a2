import { storeLocation } from '../../src/config-store.ts';
import type { Log } from '../../src/log.ts';
import { openSessionStore, type SessionStore } from '../../src/session/session-store.ts';
import { createMemoryLog } from '../support/memory-log.ts';

/** The store at a URL, as the gateway opens it. */
export function openStoreAt(
  url: string,
  options: { waitReplicas?: number; log?: Log; now?: () => number } = {},
): Promise<SessionStore> {
  const { waitReplicas = 0, log = createMemoryLog().log, now } = options;
  return openSessionStore(
    { sessionStore: storeLocation(url), redisWaitReplicas: waitReplicas },
    { log, now },
  );
}
