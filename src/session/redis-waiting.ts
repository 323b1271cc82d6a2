import type { RedisLocation } from '../config-store.ts';
import type { Log } from '../log.ts';
import { openRedisConnection, type RedisConnection } from './redis-connection.ts';
import { waitMillis } from './redis-limits.ts';
import { openRedisLink, type RedisCommand, type RedisLink, type RedisReply } from './redis-link.ts';

/** A key that no record has, written to see whether replicas confirm. */
const probe = 'mcm:probe';

/** What a server says that has been demoted, or is not up to it yet. */
export const isLostPrimary = (error: unknown): boolean => says(error, ['READONLY', 'MASTERDOWN', 'LOADING']);

const says = (error: unknown, codes: string[]): boolean =>
  error instanceof Error && codes.some((code) => error.message.startsWith(`${code} `));

/**
 * A connection for changes that replicas have to confirm (WAIT): it stands still until they have. When they do not,
 * what waits behind is refused at once, and so is what comes, until they confirm again.
 */
export function openWaitingConnection(
  location: RedisLocation,
  waitReplicas: number,
  log: Log,
): Promise<RedisConnection> {
  return openRedisConnection({
    async open(signal) {
      const link = await openRedisLink(location, signal);
      try {
        await confirmed(link, probe, ['SET', probe, '', 'PX', '60000'], waitReplicas);
        return link;
      } catch (error) {
        link.destroy();
        throw error;
      }
    },
    endsLink: (error) => isLostPrimary(error) || says(error, ['NOREPLICAS']),
    says: {
      lost: 'The session store takes no changes',
      refused: 'The session store takes no changes from this gateway; check SESSION_STORE',
      back: 'The session store takes changes again',
    },
    log,
  });
}

/**
 * What a change is answered, once so many replicas have it.
 *
 * @throws Error NOREPLICAS when they do not confirm it in time; the primary has made it nevertheless
 */
export async function confirmed(
  link: RedisLink,
  key: string,
  change: RedisCommand,
  waitReplicas: number,
): Promise<RedisReply> {
  const wait = ['WAIT', String(waitReplicas), String(waitMillis)];
  const [result, replicas] = await link.sendBoth(key, change, wait);
  if (Number(replicas) < waitReplicas)
    throw new Error(`NOREPLICAS ${replicas} of ${waitReplicas} replicas confirmed a change`);
  return result;
}
