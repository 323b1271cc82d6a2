import { type RedisProcess, startRedis, until } from './redis-process.ts';

const masterName = 'sessions';

/** How long a primary has to be silent before a sentinel takes it for dead, and how long a failover may take. */
export const sentinelTimes = { downAfterMilliseconds: 1000, failoverTimeoutMilliseconds: 3000 };

export type SentinelGroup = AsyncDisposable & {
  /** `redis-sentinel://127.0.0.1:p1,127.0.0.1:p2,127.0.0.1:p3/sessions` */
  url: string;
  /** The first is the primary until a failover, the second its replica. */
  nodes: RedisProcess[];
  sentinels: RedisProcess[];
  /** The node that a sentinel names; one that died is named until the others have agreed on its successor. */
  primary(): Promise<RedisProcess>;
  /**
   * Makes the replica the primary, when it has all that was written so far; what is written meanwhile may be lost,
   * as Redis is. Resolves when every sentinel that answers names it and the former one, if it answers, follows it.
   */
  failover(): Promise<void>;
};

/**
 * A primary, its replica, and three sentinels of which two decide; all know each other before it resolves:
 *
 *     await using group = await startSentinelGroup();
 */
export async function startSentinelGroup(
  options: { settings?: Record<string, string> } = {},
): Promise<SentinelGroup> {
  await using started = new AsyncDisposableStack();
  const first = started.use(await startRedis(options));
  const nodes = [first, started.use(await startRedis({ ...options, replicaOf: first }))];
  const sentinels: RedisProcess[] = [];
  for (let count = 0; count < 3; count++) sentinels.push(started.use(await startSentinel(first)));
  for (const sentinel of sentinels) await until(() => knowsAll(sentinel), 'sentinels that know each other');

  async function namedBy(sentinel: RedisProcess): Promise<RedisProcess> {
    const address = await sentinel.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName);
    const node = nodes.find(({ port }) => address.split('\n')[1] === `${port}`);
    if (!node) throw new Error(`A sentinel names a primary of nobody's: ${address}`);
    return node;
  }
  const primary = () => Promise.any(sentinels.map(namedBy));

  /** Whether the sentinels agree on another primary than `former`, and it is one, and `former` follows it. */
  async function isFollowed(former: RedisProcess): Promise<boolean> {
    const answers = await Promise.allSettled(sentinels.map(namedBy));
    const named = new Set(answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : [])));
    const [successor] = named;
    if (named.size !== 1 || !successor || successor === former) return false;
    const [leading, following] = await Promise.all([replicationOf(successor), replicationOf(former)]);
    return leading?.role === 'master' && (!following || isLinked(following, successor));
  }

  async function isAccepted(): Promise<boolean> {
    for (const { command } of sentinels)
      if (await command('SENTINEL', 'FAILOVER', masterName).catch(() => false)) return true;
    return false;
  }

  const owned = started.move();
  return {
    url: `redis-sentinel://${sentinels.map(({ host, port }) => `${host}:${port}`).join()}/${masterName}`,
    nodes,
    sentinels,
    primary,
    async failover() {
      const former = await primary();
      const replica = nodes.find((node) => node !== former) ?? former;
      const written = Number((await replicationOf(former))?.master_repl_offset);
      const hasAll = async () => {
        const following = await replicationOf(replica);
        return (
          following !== undefined &&
          isLinked(following, former) &&
          Number(following.slave_repl_offset) >= written
        );
      };
      await until(hasAll, 'a replica that has everything');
      // Refused while the failover before this one is not over, and given up after its timeout on a busy machine.
      let askAgainAt = 0;
      const hasHappened = async () => {
        if (await isFollowed(former)) return true;
        if (Date.now() >= askAgainAt && (await primary()) === former && (await isAccepted()))
          askAgainAt = Date.now() + sentinelTimes.failoverTimeoutMilliseconds + 1000;
        return false;
      };
      await until(hasHappened, 'another primary');
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startSentinel(primary: RedisProcess): Promise<RedisProcess> {
  const sentinel = await startRedis({
    mode: 'sentinel',
    settings: {
      'sentinel monitor': `${masterName} ${primary.host} ${primary.port} 2`,
      'sentinel down-after-milliseconds': `${masterName} ${sentinelTimes.downAfterMilliseconds}`,
      'sentinel failover-timeout': `${masterName} ${sentinelTimes.failoverTimeoutMilliseconds}`,
    },
  });
  // It looks for others every 2 seconds and at the nodes every 10, and no setting of its file changes that.
  await sentinel.command('SENTINEL', 'DEBUG', 'PUBLISH-PERIOD', '200', 'INFO-PERIOD', '500');
  return sentinel;
}

/** The fields of INFO replication; nothing of a node that does not answer. */
async function replicationOf(node: RedisProcess): Promise<Record<string, string> | undefined> {
  const answer = await node.command('INFO', 'replication').catch(() => undefined);
  return answer && Object.fromEntries(answer.split('\r\n').map((line) => line.split(':')));
}

const isLinked = (following: Record<string, string>, { port }: RedisProcess): boolean =>
  following.master_port === `${port}` && following.master_link_status === 'up';

async function knowsAll(sentinel: RedisProcess): Promise<boolean> {
  const answer = await sentinel.command('SENTINEL', 'MASTER', masterName);
  return /^num-slaves\n1$/m.test(answer) && /^num-other-sentinels\n2$/m.test(answer);
}
