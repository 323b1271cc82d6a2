import { expect, test } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { type RedisProcess, until } from '../support/redis-process.ts';
import { type SentinelGroup, startSentinelGroup } from '../support/redis-sentinel.ts';
import { startGateway } from '../support/start-gateway.ts';
import {
  ask,
  askToSignIn,
  isJohn,
  isRedirect,
  outageOf,
  sessionSecrets,
  unavailable,
  untilGood,
} from './answers.ts';
import { hasReplica } from './replicas.ts';
import { startSignInLedger } from './sign-in-ledger.ts';

type Failover = {
  begin(group: SentinelGroup, former: RedisProcess): unknown;
  /** Brings the former primary back, whom the sentinels make a replica. */
  bringBack(former: RedisProcess): unknown;
};

const failovers: Record<string, Failover> = {
  'that was killed': { begin: (_, former) => former.kill(), bringBack: (former) => former.restart() },
  'that hangs': { begin: (_, former) => former.stop(), bringBack: (former) => former.resume() },
};

test.each(Object.entries(failovers))(
  'a primary %s is replaced, and no session that was acknowledged is lost or comes back',
  async (_, { begin, bringBack }) => {
    await using group = await startSentinelGroup();
    const [former, successor] = group.nodes as [RedisProcess, RedisProcess];
    const env = { SESSION_STORE: group.url, REDIS_WAIT_REPLICAS: '1' };
    await using gateway = await startGateway({ env });
    await using ledger = startSignInLedger(gateway);
    const browser = gateway.browser();
    await browser.signIn('john');
    await until(async () => ledger.acknowledged().signOuts >= 10, 'sign-ins and sign-outs');

    await begin(group, former);
    await using reads = watch(browser);
    await until(() => isPrimary(group, successor), 'another primary');
    await untilGood(() => ask(browser, '/api/user'), isJohn);
    expect(await reads.stop()).toContain(503);

    await bringBack(former);
    await until(() => hasReplica(successor), 'a replica of the new primary');
    await untilGood(() => askToSignIn(gateway.browser()), isRedirect);
    const { signIns, signOuts } = ledger.acknowledged();
    await until(async () => ledger.acknowledged().signIns > signIns + 2, 'sign-ins after the failover');
    await until(async () => ledger.acknowledged().signOuts > signOuts + 2, 'sign-outs after the failover');
    await ledger.stop();
    expect(await ledger.contradictions()).toEqual([]);
  },
);

test('a failover that an operator asks for loses no session, back and forth', async () => {
  await using group = await startSentinelGroup();
  const env = { SESSION_STORE: group.url, REDIS_WAIT_REPLICAS: '1' };
  await using gateway = await startGateway({ env });
  await using ledger = startSignInLedger(gateway);
  const browser = gateway.browser();
  await browser.signIn('john');
  await using reads = watch(browser);
  for (let round = 0; round < 2; round++) {
    const { signOuts } = ledger.acknowledged();
    await until(async () => ledger.acknowledged().signOuts >= signOuts + 5, 'sign-ins and sign-outs');
    await group.failover();
    await untilGood(() => ask(browser, '/api/user'), isJohn);
    await until(async () => hasReplica(await group.primary()), 'a replica of the new primary');
    await untilGood(() => askToSignIn(gateway.browser()), isRedirect);
  }
  await reads.stop();
  await ledger.stop();
  expect(await ledger.contradictions()).toEqual([]);
});

test('what a replica that takes over had not got was not acknowledged', async () => {
  await using group = await startSentinelGroup();
  const [former, successor] = group.nodes as [RedisProcess, RedisProcess];
  const env = { SESSION_STORE: group.url, REDIS_WAIT_REPLICAS: '1' };
  await using gateway = await startGateway({ env });
  const [staying, arriving] = [gateway.browser(), gateway.browser()];
  await until(async () => isRedirect(await askToSignIn(staying)), 'a sign-in');
  const callback = await arriving.authorize('john');
  const cookies = await sessionSecrets(staying);

  await successor.kill();
  const answers = [await ask(arriving, callback), await ask(staying, '/api/logout')];
  await former.kill();
  await successor.restart();
  expect(answers.map(outageOf)).toEqual([
    unavailable('SESSION_STORE_UNAVAILABLE'),
    unavailable('LOGOUT_INCOMPLETE'),
  ]);
  expect(await sessionSecrets(staying)).toEqual(cookies);
  await until(() => isPrimary(group, successor), 'another primary');
  await untilGood(() => ask(staying, '/api/user'), isJohn);
  expect(await arriving.json('/api/user')).toEqual({ logged_in: false });
});

/**
 * Reads a session all the time; `stop` gives the statuses that there were.
 * @throws Error from `stop` when one was neither John's nor a 503 that left the cookie alone
 */
function watch(browser: Browser): AsyncDisposable & { stop(): Promise<number[]> } {
  const statuses: number[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      await untilGood(
        () => ask(browser, '/api/user'),
        (answer) => {
          statuses.push(answer.status);
          return isJohn(answer);
        },
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  watching.catch(() => {}); // `stop` throws it
  return {
    async stop() {
      isOver = true;
      await watching;
      return statuses;
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      await watching.catch(() => {});
    },
  };
}

async function isPrimary(group: SentinelGroup, node: RedisProcess): Promise<boolean> {
  return (await group.primary()) === node && (await node.command('ROLE')).startsWith('master');
}
