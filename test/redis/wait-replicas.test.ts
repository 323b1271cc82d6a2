import { expect, test } from 'vitest';
import { startRedis, until } from '../support/redis-process.ts';
import { startGateway } from '../support/start-gateway.ts';
import {
  answerMillis,
  ask,
  askToSignIn,
  isJohn,
  isRedirect,
  outageOf,
  unavailable,
  untilGood,
} from './answers.ts';
import { startReplica } from './replicas.ts';

const refused = unavailable('SESSION_STORE_UNAVAILABLE');

test('a sign-in is acknowledged when a replica has it', async () => {
  await using primary = await startRedis();
  await using replica = await startReplica(primary);
  const env = { SESSION_STORE: primary.url, REDIS_WAIT_REPLICAS: '1' };
  await using gateway = await startGateway({ env });
  const browser = gateway.browser();
  const before = Number(await replica.command('DBSIZE'));
  expect((await browser.signIn('john')).status).toBe(302);
  expect(Number(await replica.command('DBSIZE'))).toBe(before + 1);
  expect(await ask(browser, '/api/user')).toSatisfy(isJohn);
});

test('without a replica nobody is signed in or out, and sessions are read', async () => {
  await using primary = await startRedis();
  const replica = await startReplica(primary);
  const env = { SESSION_STORE: primary.url, REDIS_WAIT_REPLICAS: '1' };
  await using gateway = await startGateway({ env });
  const [browser, returning, fresh] = [gateway.browser(), gateway.browser(), gateway.browser()];
  await browser.signIn('john');
  const callback = await returning.authorize('john');
  await replica[Symbol.asyncDispose]();
  await until(async () => (await primary.command('ROLE')).split('\n').length <= 3, 'the replica to be gone');

  const answers = await Promise.all([
    ask(fresh, '/api/login/azure'),
    ask(returning, callback),
    ask(browser, '/api/user'),
  ]);
  expect(answers.slice(0, 2).map(outageOf)).toEqual([refused, refused]);
  expect(answers[2]).toSatisfy(isJohn);
  const goodbye = await ask(browser, '/api/logout');
  expect(outageOf(goodbye)).toEqual(unavailable('LOGOUT_INCOMPLETE'));
  for (const { milliseconds } of [...answers, goodbye]) expect(milliseconds).toBeLessThan(answerMillis);
});

test('while the replica hangs nobody is signed in, sessions are read, and then sign-ins go on', async () => {
  await using primary = await startRedis();
  await using replica = await startReplica(primary);
  const env = { SESSION_STORE: primary.url, REDIS_WAIT_REPLICAS: '1' };
  await using gateway = await startGateway({ env });
  const [browser, returning, fresh] = [gateway.browser(), gateway.browser(), gateway.browser()];
  await browser.signIn('john');
  const callback = await returning.authorize('john');
  replica.stop();

  const signingIn = Promise.all([ask(fresh, '/api/login/azure'), ask(returning, callback)]);
  const reading = Promise.all(Array.from({ length: 20 }, () => ask(browser, '/api/user')));
  // A read does not stand in line behind those who wait for the replica.
  const first = await Promise.race([reading, signingIn]);
  expect(first).toHaveLength(20);
  for (const user of await reading) expect(user).toSatisfy(isJohn);
  for (const answer of await signingIn) {
    expect(outageOf(answer)).toEqual(refused);
    expect(answer.milliseconds).toBeLessThan(answerMillis);
  }
  replica.resume();
  await untilGood(() => askToSignIn(fresh), isRedirect);
});

test('many sign-ins at once that a replica does not confirm are each answered within a second', async () => {
  await using primary = await startRedis();
  await using replica = await startReplica(primary);
  const env = { SESSION_STORE: primary.url, REDIS_WAIT_REPLICAS: '1' };
  await using gateway = await startGateway({ env });
  replica.stop();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => ask(gateway.browser(), '/api/login/azure')),
  );
  for (const answer of answers) {
    expect(outageOf(answer)).toEqual(refused);
    expect(answer.milliseconds).toBeLessThan(answerMillis);
  }
});

test('nobody waits for a replica that no setting asks to wait for', async () => {
  await using primary = await startRedis();
  await using replica = await startReplica(primary);
  const env = { SESSION_STORE: primary.url, REDIS_WAIT_REPLICAS: '0' };
  await using gateway = await startGateway({ env });
  replica.stop();
  const browser = gateway.browser();
  expect((await browser.signIn('john')).status).toBe(302);
  expect(await ask(browser, '/api/user')).toSatisfy(isJohn);
  expect(await ask(browser, '/api/logout')).toMatchObject({ status: 200 });
});
