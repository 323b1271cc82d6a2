import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AzureDouble, ada } from '../doubles/azure-double.ts';
import { testSecret } from '../support/sealing.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { FreshBrowser } from './fresh-browser.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { startTrustedAzure } from './trusted-azure.ts';
import { isAlive, workerPids } from './worker-pids.ts';

const workers = 2;
const folder = createTemporaryFolder();
let azure: AzureDouble;

beforeAll(async () => {
  azure = await startTrustedAzure({ folder: folder.path, authority: 'organizations' });
});
afterAll(async () => {
  await azure?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});
beforeEach(() => {
  azure.requests.length = 0;
});

let stores = 0;
const startGateway = (): Promise<GatewayProcess> =>
  startGatewayProcess({
    folder: folder.path,
    env: {
      ...azure.env,
      WORKERS: String(workers),
      SESSION_SECRET: testSecret,
      SESSION_STORE: `lmdb:./store-${stores++}`,
      AZURE_TIMEOUT_MS: '60000',
    },
  });

/** Tenants of people: one each, as requests for one tenant are one listing in each process. */
const tenant = (index: number) => `aaaaaaaa-1111-4111-8111-${String(index).padStart(12, '0')}`;

/** Requests that the processes are in the middle of, for as long as the Azure double keeps them waiting. */
async function requestsInFlight({ url }: GatewayProcess, count: number) {
  const browsers = Array.from({ length: count }, () => new FreshBrowser(url));
  for (const [index, browser] of browsers.entries()) {
    azure.person = { ...ada, tid: tenant(index) };
    await browser.visit('/api/login/azure');
  }
  azure.requests.length = 0;
  const { release } = azure.holdListings();
  const answers = browsers.map((browser) => browser.fetch('/api/subscriptions').catch(() => 'cut' as const));
  const listings = () => azure.requests.filter(({ endpoint }) => endpoint === 'subscriptions').length;
  await expect.poll(listings, { interval: 10, timeout: 10_000 }).toBe(count);
  return { answers, release };
}

async function expectAnswered(answers: Promise<Response | 'cut'>[]): Promise<void> {
  for (const [index, answer] of answers.entries()) {
    const response = await answer;
    const tenantId = tenant(index);
    if (response === 'cut') throw new Error('a request in flight was cut');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ value: [{ tenantId }, { tenantId }] });
  }
}

const readiness = async ({ url }: GatewayProcess) => (await new FreshBrowser(url).fetch('/readyz')).status;

/** Resolves when each process, asked in turn, says that it is not ready. */
async function areNotReady(gateway: GatewayProcess): Promise<void> {
  const inTurn = async () => [await readiness(gateway), await readiness(gateway)];
  await expect.poll(inTurn, { interval: 10, timeout: 5_000 }).toEqual([503, 503]);
}

/** When somebody presses it again, in milliseconds: what comes sooner is npm's repetition of the first one. */
const pressedAgainMillis = 700;

/** At a terminal Ctrl-C is for every process. */
function pressCtrlC(gateway: GatewayProcess, pids: number[]): void {
  for (const pid of pids) process.kill(pid, 'SIGINT');
  gateway.signal('SIGINT');
}

const events = (output: string): string[] =>
  ['Draining', 'Stopped', 'A worker ended'].filter((event) => output.includes(`"msg":"${event}`));

test('on SIGTERM no process is ready, 20 requests in flight finish, and all end, with 0', {
  timeout: 60_000,
}, async () => {
  await using gateway = await startGateway();
  const pids = workerPids(gateway.pid);
  const { answers, release } = await requestsInFlight(gateway, 20);
  gateway.signal('SIGTERM');
  await areNotReady(gateway);
  release();
  await expectAnswered(answers);
  const { code, stdout, stderr } = await gateway.ended;
  expect({ code, stderr, events: events(stdout) }).toEqual({
    code: 0,
    stderr: '',
    events: ['Draining', 'Stopped'],
  });
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a Ctrl-C, which reaches every process, drains once; the second ends all of them now', async () => {
  await using gateway = await startGateway();
  const pids = workerPids(gateway.pid);
  const { answers, release } = await requestsInFlight(gateway, 6);
  pressCtrlC(gateway, pids);
  await areNotReady(gateway);
  expect(pids.filter(isAlive)).toEqual(pids);

  await delay(pressedAgainMillis);
  const pressedAt = performance.now();
  pressCtrlC(gateway, pids);
  expect(await gateway.ended).toMatchObject({ code: 1, signal: null, stderr: '' });
  expect(performance.now() - pressedAt).toBeLessThan(3_000);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await Promise.all(answers)).toEqual(answers.map(() => 'cut'));
  release();
});

test('when the process that started them is killed, the others finish what is in flight, and end', async () => {
  await using gateway = await startGateway();
  const pids = workerPids(gateway.pid);
  const { answers, release } = await requestsInFlight(gateway, 6);
  process.kill(gateway.pid, 'SIGKILL');
  await expect.poll(() => readiness(gateway).catch(() => 'refused')).toBe('refused');
  expect(pids.filter(isAlive)).toEqual(pids);
  release();
  await expectAnswered(answers);
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  await gateway.ended;
  expect(gateway.output().match(/"msg":"The process that started this worker is gone/g)).toHaveLength(
    workers,
  );
});

test('it ends with 0 within ten seconds also when a request never does and a process hangs, and says so once', {
  timeout: 60_000,
}, async () => {
  await using gateway = await startGateway();
  const pids = workerPids(gateway.pid);
  const { answers, release } = await requestsInFlight(gateway, 4);
  process.kill(pids[0] ?? 0, 'SIGSTOP');
  const signalledAt = performance.now();
  gateway.signal('SIGTERM');
  const { code, stderr } = await gateway.ended;
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'Ended with requests still in flight after 8 seconds\n',
  });
  expect(performance.now() - signalledAt).toBeLessThan(10_000);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await Promise.all(answers)).toEqual(answers.map(() => 'cut'));
  release();
});
