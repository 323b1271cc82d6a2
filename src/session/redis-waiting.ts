import type { RedisLocation } from '../config-store.ts';
import type { Log } from '../log.ts';
import { probe } from './redis-client-options.ts';
import { openRedisConnection, type RedisConnection } from './redis-connection.ts';
import { mostInFlight, mostQueuedMillis, waitMillis } from './redis-limits.ts';
import { openRedisLink, type RedisCommand, type RedisLink, type RedisReply } from './redis-link.ts';

/** What a server says that has been demoted, or is not up to it yet. */
export const isLostPrimary = (error: unknown): boolean => says(error, ['READONLY', 'MASTERDOWN', 'LOADING']);

const says = (error: unknown, codes: string[]): boolean =>
  error instanceof Error && codes.some((code) => error.message.startsWith(`${code} `));

/** A change of one record, and who wants to know what it was answered. */
type Change = {
  key: string;
  command: RedisCommand;
  askedAt: number;
  resolve(reply: RedisReply): void;
  reject(error: unknown): void;
};

export type WaitingChanges = {
  /**
   * Makes a change, and resolves with its answer when so many replicas have it.
   *
   * @throws Error NOREPLICAS when they do not confirm it in time; the primary has made it nevertheless
   */
  make(key: string, command: RedisCommand): Promise<RedisReply>;
  close(): Promise<void>;
};

/**
 * Changes that replicas have to confirm (WAIT), over a connection of their own, as it stands still until they have.
 * Those that come meanwhile are sent together, and confirmed together. When replicas do not confirm, what waits is
 * refused at once, and so is what comes, until they do again.
 */
export async function openWaitingChanges(
  location: RedisLocation,
  waitReplicas: number,
  log: Log,
): Promise<WaitingChanges> {
  const connection = await openConnection(location, waitReplicas, log);
  // The parts of a Cluster wait apart from each other; which part has a record only its client knows.
  const mostTogether = location.kind === 'redis-cluster' ? 1 : mostInFlight;
  const mostAtOnce = location.kind === 'redis-cluster' ? mostInFlight : 1;
  let waiting: Change[] = [];
  let atOnce = 0;

  async function makeTogether(changes: Change[]): Promise<void> {
    try {
      await connection.use((link) => confirmed(link, changes, waitReplicas));
    } catch (error) {
      for (const { reject } of changes) reject(error);
    }
  }

  async function goOn(): Promise<void> {
    atOnce += 1;
    while (waiting.length > 0) {
      const isLate = ({ askedAt }: Change) => performance.now() - askedAt > mostQueuedMillis;
      for (const late of waiting.filter(isLate))
        late.reject(new Error(`Not begun within ${mostQueuedMillis} ms`));
      waiting = waiting.filter((change) => !isLate(change));
      await makeTogether(waiting.splice(0, mostTogether));
    }
    atOnce -= 1;
  }

  return {
    make(key, command) {
      if (waiting.length >= mostInFlight) return Promise.reject(new Error('Too many changes wait for Redis'));
      const made = Promise.withResolvers<RedisReply>();
      waiting.push({ key, command, askedAt: performance.now(), ...made });
      if (atOnce < mostAtOnce) void goOn();
      return made.promise;
    },
    close: () => connection.close(),
  };
}

function openConnection(location: RedisLocation, waitReplicas: number, log: Log): Promise<RedisConnection> {
  return openRedisConnection({
    async open(signal) {
      const link = await openRedisLink(location, signal);
      const command = ['SET', probe, '', 'PX', '60000'];
      try {
        await new Promise((resolve, reject) => {
          const change = { key: probe, command, askedAt: 0, resolve, reject };
          confirmed(link, [change], waitReplicas).catch(reject);
        });
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

/** Sends changes and one WAIT behind them; each gets its own answer once that has been answered. */
async function confirmed(link: RedisLink, changes: Change[], waitReplicas: number): Promise<void> {
  const [first] = changes;
  if (!first) return;
  const wait = ['WAIT', String(waitReplicas), String(waitMillis)];
  const commands = [...changes.map(({ command }) => command), wait];
  const replies = await Promise.allSettled(link.sendInOrder(first.key, commands));
  const replicas = replies.pop();
  if (replicas?.status !== 'fulfilled') throw replicas?.reason;
  if (Number(replicas.value) < waitReplicas)
    throw new Error(`NOREPLICAS ${replicas.value} of ${waitReplicas} replicas confirmed a change`);
  for (const [at, { resolve, reject }] of changes.entries()) {
    const reply = replies[at];
    if (reply?.status === 'fulfilled') resolve(reply.value);
    else reject(reply?.reason);
  }
  const lost = replies.find((reply) => reply.status === 'rejected' && isLostPrimary(reply.reason));
  if (lost?.status === 'rejected') throw lost.reason;
}
