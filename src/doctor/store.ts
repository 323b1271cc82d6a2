import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { recordKey } from '../session/record-key.ts';
import { openSessionStore } from '../session/session-store.ts';
import type { Check, Problem } from './check.ts';
import { lmdbVerdict } from './store-lmdb.ts';
import { redisVerdict } from './store-redis.ts';

/** How long the record that is tried lives, should it not be deleted, in milliseconds. */
const probeMillis = 60_000;

/** Whether sessions can be kept: opens the store, and writes, reads and deletes one record. */
export const storeCheck: Check = {
  title: 'Session store',
  run({ config, log }, signal) {
    const { sessionStore: location, redisWaitReplicas: waitReplicas } = config;
    return location.kind === 'lmdb'
      ? lmdbVerdict(location.path, (path) =>
          tryStore({ sessionStore: { kind: 'lmdb', path }, redisWaitReplicas: 0 }, log),
        )
      : redisVerdict({ location, waitReplicas, signal, tryStore: () => tryStore(config, log) });
  },
};

/**
 * A record under a key that nobody has: what comes back has to be what was written.
 *
 * @throws what the store throws when it cannot be opened, or does not answer
 */
async function tryStore(
  config: Pick<Config, 'sessionStore' | 'redisWaitReplicas'>,
  log: Log,
): Promise<Problem | undefined> {
  const store = await openSessionStore(config, { log });
  try {
    const key = recordKey('lease', randomBytes(24).toString('base64url'));
    const value = randomBytes(64);
    if (!(await store.create(key, value, Date.now() + probeMillis))) return different;
    const read = await store.get(key);
    const isDeleted = await store.destroy(key);
    return read?.value.equals(value) && isDeleted && !(await store.get(key)) ? undefined : different;
  } finally {
    await store.close();
  }
}

const different: Problem = {
  problem: 'a record that was written does not come back as it was',
  mend: 'check what else writes to SESSION_STORE, and that it has one primary alone',
};
