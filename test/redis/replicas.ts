import { type RedisProcess, startRedis, until } from '../support/redis-process.ts';

/** Whether a primary has a replica that has confirmed what was written: until then WAIT waits for it in vain. */
export const hasReplica = async (primary: RedisProcess): Promise<boolean> =>
  /state=online,offset=[1-9]/.test(await primary.command('INFO', 'replication'));

/** Starts a replica that its primary can wait for from now on. */
export async function startReplica(primary: RedisProcess): Promise<RedisProcess> {
  const replica = await startRedis({ replicaOf: primary });
  await primary.command('SET', 'something to confirm', '');
  await until(() => hasReplica(primary), 'a replica that confirms');
  return replica;
}
