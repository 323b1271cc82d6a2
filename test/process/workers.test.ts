import { afterAll, beforeAll, expect, test } from 'vitest';
import { scrape } from '../ops/scrape.ts';
import { addRole, standardRole as roleArn } from '../support/connect-role.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { FreshBrowser } from './fresh-browser.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { type KeptConnection, openConnection } from './kept-connection.ts';
import { workerPids } from './worker-pids.ts';

const workers = 2;
const folder = createTemporaryFolder();
let gateway: GatewayProcess;

beforeAll(async () => {
  const env = { WORKERS: String(workers), METRICS_PORT: '0', SANDBOX: 'on' };
  gateway = await startGatewayProcess({ folder: folder.path, env });
});
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const signedInBrowser = async (): Promise<FreshBrowser> => {
  const browser = new FreshBrowser(gateway.url);
  expect((await browser.signIn('john')).status).toBe(302);
  return browser;
};
const cookieOf = async (browser: FreshBrowser) => ({
  cookie: `mcm_session=${await browser.cookie('mcm_session')}`,
});
const john = { status: 200, body: { logged_in: true, name: 'John Doe' } };

/** Twice as many connections as there are processes: as they are given out in turn, each process has some. */
const connections = () => Promise.all(Array.from({ length: 2 * workers }, () => openConnection(gateway.url)));

const lines = (text: string) =>
  gateway
    .output()
    .split('\n')
    .filter((line) => line.includes(text));

/** What is in the log under a message. */
const logged = (msg: string) => lines(`"msg":"${msg}`).map((line) => JSON.parse(line));

const pids = () => workerPids(gateway.pid);

test('it says once where it is, with how many processes, and once each thing that is unsafe', () => {
  expect(pids()).toHaveLength(workers);
  expect(lines('Console ')).toHaveLength(1);
  expect(gateway.output()).toMatch(/^ {2}Workers {5}2 processes$/m);
  expect(logged('The sandbox is on')).toHaveLength(1);
  expect(logged('Plain http')).toHaveLength(1);
});

test('a sign-in works whichever process each of its requests reaches, and is known to all', async () => {
  for (let round = 0; round < 2 * workers; round++) {
    const cookie = await cookieOf(await signedInBrowser());
    for (const connection of await connections()) {
      expect(await connection.get('/api/user', cookie)).toEqual(john);
      connection[Symbol.dispose]();
    }
  }
});

test('accounts that are linked at the same moment, at any process, all land', async () => {
  for (let round = 0; round < 20; round++) {
    const browser = await signedInBrowser();
    const azure = await browser.authorize('many');
    const google = await browser.authorize('jane', '/api/login/google');
    const answers = await Promise.all([
      browser.fetch(azure),
      browser.fetch(google),
      addRole(browser, { roleArn }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([302, 302, 201]);
    const accounts = await browser.json<{ provider: string }[]>('/api/accounts');
    expect(accounts.map(({ provider }) => provider).sort()).toEqual(['aws', 'azure', 'azure', 'gcp']);
  }
});

test('a sign-out at one process is one at all of them, at once', async () => {
  const open = await connections();
  for (const at of open) {
    const cookie = await cookieOf(await signedInBrowser());
    expect(await at.get('/api/logout', cookie)).toMatchObject({ status: 200 });
    for (const connection of open)
      expect(await connection.get('/api/user', cookie)).toEqual({ status: 200, body: { logged_in: false } });
  }
  for (const connection of open) connection[Symbol.dispose]();
});

/** Answers of `/api/user`, as the metrics count them. */
const countedAnswers = async (): Promise<number> => {
  const metrics = await scrape({ metricsUrl: logged('Metrics are served')[0]?.url });
  return metrics.value('mcm_http_requests_total{route="/api/user",method="GET",status="200"}') ?? 0;
};

test('the metrics are the sum of all processes, on one port', async () => {
  expect(logged('Metrics are served')).toHaveLength(1);
  const before = await countedAnswers();
  const open = await connections();
  for (const connection of open) await connection.get('/api/user');
  await expect.poll(countedAnswers).toBe(before + open.length);
  for (const connection of open) connection[Symbol.dispose]();
});

test('the metrics do not wait for a process that hangs, and its counts stay in them', async () => {
  const before = await countedAnswers();
  const [hanging = 0] = pids();
  process.kill(hanging, 'SIGSTOP');
  try {
    expect(await countedAnswers()).toBe(before);
  } finally {
    process.kill(hanging, 'SIGCONT');
  }
});

const openOnes = (open: KeptConnection[]) => open.filter((connection) => connection.isOpen());

test('a process that is killed takes its own connections along; others answer, and another one takes its place', async () => {
  const cookie = await cookieOf(await signedInBrowser());
  const open = await connections();
  const counted = await countedAnswers();
  const before = pids();
  const [victim = 0] = before;
  process.kill(victim, 'SIGKILL');
  await expect.poll(() => openOnes(open).length).toBeLessThan(open.length);
  const answers = await Promise.all(
    open.map((connection) => connection.get('/api/user', cookie).catch(() => 'cut')),
  );
  expect(answers).toContainEqual(john);
  expect(answers.filter((answer) => answer !== 'cut')).toEqual(openOnes(open).map(() => john));

  await expect.poll(() => logged('A worker listens again').length, { timeout: 15_000 }).toBe(1);
  expect(logged('A worker ended')).toMatchObject([
    { level: 'error', pid: victim, exitCode: null, signal: 'SIGKILL', pauseMillis: 100 },
  ]);
  const after = pids();
  expect(after).toHaveLength(workers);
  expect(after).not.toContain(victim);
  for (const connection of await connections()) {
    expect(await connection.get('/api/user', cookie)).toEqual(john);
    connection[Symbol.dispose]();
  }
  // What it had counted stays counted: to Prometheus a sum that falls has begun anew.
  expect(await countedAnswers()).toBeGreaterThanOrEqual(counted);
  for (const connection of open) connection[Symbol.dispose]();
});

test('it comes back at its port also when all processes are killed', async () => {
  const cookie = await cookieOf(await signedInBrowser());
  const heard = logged('A worker listens again').length;
  for (const pid of pids()) process.kill(pid, 'SIGKILL');
  await expect.poll(() => logged('A worker listens again').length, { timeout: 20_000 }).toBe(heard + workers);
  for (const connection of await connections()) {
    expect(await connection.get('/api/user', cookie)).toEqual(john);
    connection[Symbol.dispose]();
  }
});
