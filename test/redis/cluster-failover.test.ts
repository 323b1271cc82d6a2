import { expect, test } from 'vitest';
import { recordKey } from '../../src/session/record-key.ts';
import type { Browser } from '../support/browser.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { type RedisProcess, until } from '../support/redis-process.ts';
import { startGateway } from '../support/start-gateway.ts';
import { answerMillis, ask, isJohn, sessionSecrets, untilGood } from './answers.ts';
import { hasReplica } from './replicas.ts';
import { startSignInLedger } from './sign-in-ledger.ts';

test('when a primary of a cluster dies, the sessions of the others go on, and its own come back with its replica', async () => {
  // Otherwise Redis itself takes all of the cluster out of service until the replica has taken over.
  const settings = { 'cluster-require-full-coverage': 'no' };
  await using cluster = await startRedisCluster({ replicas: 1, settings });
  const [former, , , successor] = cluster.nodes as [RedisProcess, RedisProcess, RedisProcess, RedisProcess];
  const env = { SESSION_STORE: cluster.url, REDIS_WAIT_REPLICAS: '1' };
  await using gateway = await startGateway({ env });
  const browsers = Array.from({ length: 20 }, () => gateway.browser());
  await Promise.all(browsers.map((browser) => browser.signIn('john')));
  const { here = [], elsewhere = [] } = await partition(browsers, former);
  expect(Math.min(here.length, elsewhere.length)).toBeGreaterThan(0);
  await using ledger = startSignInLedger(gateway);
  await until(async () => ledger.acknowledged().signOuts >= 10, 'sign-ins and sign-outs');

  await former.kill();
  let isOver = false;
  const others = readUntil(elsewhere, () => isOver);
  others.catch(() => {}); // thrown below
  for (const browser of here)
    expect(await ask(browser, '/api/user')).toMatchObject({ status: 503, setCookies: [] });
  await until(async () => (await successor.command('ROLE')).startsWith('master'), 'the replica to take over');
  for (const browser of here) await untilGood(() => ask(browser, '/api/user'), isJohn);

  await former.restart();
  await until(() => hasReplica(successor), 'a replica of the new primary');
  await untilGood(() => ask(gateway.browser(), '/readyz'), isOk);
  for (const browser of here) await untilGood(() => ask(browser, '/api/logout'), isOk);
  isOver = true;
  expect(await others).toBeGreaterThan(elsewhere.length);
  const { signIns } = ledger.acknowledged();
  await until(async () => ledger.acknowledged().signIns > signIns + 10, 'sign-ins after the failover');
  await ledger.stop();
  expect(await ledger.contradictions()).toEqual([]);
});

const isOk = ({ status }: { status: number }): boolean => status === 200;

/** Which browsers have their sessions on a node of the cluster, and which have not. */
async function partition(
  browsers: Browser[],
  node: RedisProcess,
): Promise<Partial<Record<'here' | 'elsewhere', Browser[]>>> {
  const places = new Map<Browser, 'here' | 'elsewhere'>();
  for (const browser of browsers) {
    const [sid] = await sessionSecrets(browser);
    const has = await node.command('EXISTS', `mcm:${recordKey('session', sid)}`).catch(() => 'MOVED');
    places.set(browser, has === '1' ? 'here' : 'elsewhere');
  }
  return Object.groupBy(browsers, (browser) => places.get(browser) ?? 'elsewhere');
}

/**
 * Reads these sessions all the time; gives how often.
 * @throws Error for an answer that is not good, or not in time
 */
async function readUntil(browsers: Browser[], isOver: () => boolean): Promise<number> {
  let count = 0;
  while (!isOver())
    for (const browser of browsers) {
      const answer = await ask(browser, '/api/user');
      if (!isJohn(answer) || answer.milliseconds > answerMillis)
        throw new Error(`A session of another part: ${JSON.stringify(answer)}`);
      count += 1;
    }
  return count;
}
