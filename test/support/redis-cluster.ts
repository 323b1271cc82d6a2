import { type RedisProcess, startRedis, until } from './redis-process.ts';

const primaryCount = 3;
const slotCount = 16_384;

/** How long a node has to be silent before the others take it for dead. */
export const clusterNodeTimeoutMilliseconds = 1000;

export type RedisCluster = AsyncDisposable & {
  /** `redis-cluster://127.0.0.1:p1,127.0.0.1:p2,127.0.0.1:p3`, the primaries. */
  url: string;
  /** The three primaries, in the order of their slots, then their replicas in the same order, if any. */
  nodes: RedisProcess[];
};

/**
 * Three primaries that share the slots evenly, each with as many replicas as told, when all of them find the
 * cluster whole. A part of it that dies without a replica takes the rest out of service:
 *
 *     await using cluster = await startRedisCluster();
 */
export async function startRedisCluster(
  options: { replicas?: 0 | 1; settings?: Record<string, string> } = {},
): Promise<RedisCluster> {
  const { replicas = 0, settings = {} } = options;
  await using started = new AsyncDisposableStack();
  const nodes: RedisProcess[] = [];
  for (let count = 0; count < primaryCount * (1 + replicas); count++)
    nodes.push(started.use(await startNode(settings)));

  const primaries = nodes.slice(0, primaryCount);
  await introduce(nodes);
  for (const [index, primary] of primaries.entries()) await giveSlots(primary, index);
  for (const node of nodes) await until(() => knows(node, nodes.length), 'nodes that know each other');
  for (const [index, primary] of primaries.entries())
    for (const replica of nodes.slice(primaryCount + index, primaryCount + index + replicas))
      await replica.command('CLUSTER', 'REPLICATE', await primary.command('CLUSTER', 'MYID'));
  for (const node of nodes) await until(() => isWhole(node), 'a whole cluster');
  for (const node of nodes.slice(primaryCount)) await until(() => isLinked(node), 'linked replicas');

  const owned = started.move();
  return {
    url: `redis-cluster://${primaries.map(({ host, port }) => `${host}:${port}`).join()}`,
    nodes,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const startNode = (settings: Record<string, string>): Promise<RedisProcess> =>
  startRedis({
    mode: 'cluster',
    settings: { 'cluster-node-timeout': `${clusterNodeTimeoutMilliseconds}`, ...settings },
  });

/** The first meets every other; they tell each other of the rest. Epochs of their own spare them a quarrel. */
async function introduce(nodes: RedisProcess[]): Promise<void> {
  for (const [index, node] of nodes.entries())
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', `${index + 1}`);
  for (const { command, host, port } of nodes.slice(1)) {
    const [, busPort = ''] = (await command('CONFIG', 'GET', 'cluster-port')).split('\n');
    await nodes[0]?.command('CLUSTER', 'MEET', host, `${port}`, busPort);
  }
}

async function giveSlots(primary: RedisProcess, index: number): Promise<void> {
  const from = (part: number) => Math.floor((part * slotCount) / primaryCount);
  await primary.command('CLUSTER', 'ADDSLOTSRANGE', `${from(index)}`, `${from(index + 1) - 1}`);
}

async function knows(node: RedisProcess, count: number): Promise<boolean> {
  const known = (await node.command('CLUSTER', 'NODES')).trim().split('\n');
  return known.length === count && !known.some((line) => line.includes('handshake'));
}

const isWhole = async (node: RedisProcess): Promise<boolean> =>
  (await node.command('CLUSTER', 'INFO')).includes('cluster_state:ok');

const isLinked = async (node: RedisProcess): Promise<boolean> =>
  (await node.command('INFO', 'replication')).includes('master_link_status:up');
