import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AzureDouble, ada } from '../doubles/azure-double.ts';
import { Browser } from '../support/browser.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { startTrustedAzure } from './trusted-azure.ts';

const folder = createTemporaryFolder();
let azure: AzureDouble;

beforeAll(async () => {
  azure = await startTrustedAzure({ folder: folder.path });
});
afterAll(async () => {
  await azure?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

let stores = 0;
const startGateway = (): Promise<GatewayProcess> =>
  startGatewayProcess({
    folder: folder.path,
    env: {
      ...azure.env,
      SESSION_SECRET: 'a secret of these tests with 32 characters or more',
      SESSION_STORE: `lmdb:./store-${stores++}`,
      AZURE_TIMEOUT_MS: '60000',
    },
  });

/** Requests that the gateway is in the middle of, for as long as the Azure double keeps them waiting. */
async function requestsInFlight(gateway: GatewayProcess, count: number) {
  const browsers = Array.from({ length: count }, () => new Browser(gateway.url));
  for (const browser of browsers) await browser.visit('/api/login/azure');
  const { arrived, release } = azure.holdListings();
  const answers = browsers.map((browser) => browser.fetch('/api/subscriptions').catch(() => 'cut'));
  await arrived;
  return { answers, release };
}

async function requestInFlight(gateway: GatewayProcess) {
  const { answers, release } = await requestsInFlight(gateway, 1);
  return { answer: Promise.resolve(answers[0]), release };
}

const connectTo = ({ url }: GatewayProcess) => connect(Number(new URL(url).port), '127.0.0.1');

/** Resolves when it answers. */
const answering = async ({ url }: GatewayProcess) => (await fetch(`${url}/readyz`)).text();

/** Resolves when it says that it is not ready: the signal has been heard. */
async function isNotReady({ url }: GatewayProcess): Promise<void> {
  const ready = async () => (await fetch(`${url}/readyz`)).status;
  await expect.poll(ready, { interval: 10, timeout: 5_000 }).toBe(503);
}

/** Resolves when no connection is taken any more. */
async function refusesConnections(gateway: GatewayProcess): Promise<void> {
  const knock = async () => {
    const socket = connectTo(gateway);
    const taken = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return taken;
  };
  await expect.poll(knock, { interval: 50, timeout: 8_000 }).toBe(false);
}

test.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 on %s, saying nothing', async (signal) => {
  await using gateway = await startGateway();
  gateway.signal(signal);
  expect(await gateway.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
});

test('on SIGTERM it is not ready at once, finishes 20 requests in flight, and ends with 0', async () => {
  await using gateway = await startGateway();
  const { answers, release } = await requestsInFlight(gateway, 20);
  gateway.signal('SIGTERM');
  await isNotReady(gateway);
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${gateway.url}/readyz`)).json()).toEqual({ status: 'draining' });
  release();

  for (const answer of answers) {
    const response = await answer;
    if (typeof response === 'string') throw new Error('a request in flight was cut');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ value: [{ tenantId: ada.tid }, { tenantId: ada.tid }] });
  }
  expect(await gateway.ended).toMatchObject({ code: 0, stderr: '' });
});

test('after SIGTERM nobody is turned away before a balancer can have noticed, and then everybody', async () => {
  await using gateway = await startGateway();
  const { answer, release } = await requestInFlight(gateway);
  gateway.signal('SIGTERM');
  await isNotReady(gateway);
  const late = await fetch(`${gateway.url}/api/user`);
  expect([late.status, late.headers.get('connection')]).toEqual([200, 'close']);
  await refusesConnections(gateway);
  release();
  expect(await answer).toMatchObject({ status: 200 });
  expect((await gateway.ended).code).toBe(0);
});

test('a second SIGTERM ends at once, whatever is in flight', async () => {
  await using gateway = await startGateway();
  const { answer, release } = await requestInFlight(gateway);
  gateway.signal('SIGTERM');
  await isNotReady(gateway);
  const signalledAt = performance.now();
  gateway.signal('SIGTERM');

  expect(await gateway.ended).toMatchObject({ code: 1, signal: null });
  expect(performance.now() - signalledAt).toBeLessThan(2_000);
  expect(await answer).toBe('cut');
  release();
});

test('an answer given after SIGTERM says that its connection closes', async () => {
  await using gateway = await startGateway();
  const { answer, release } = await requestInFlight(gateway);
  gateway.signal('SIGTERM');
  await isNotReady(gateway);
  release();
  const response = await answer;
  expect(response instanceof Response && response.headers.get('connection')).toBe('close');
});

describe.concurrent('within ten seconds', () => {
  test('SIGTERM ends also when a request never does', async () => {
    await using gateway = await startGateway();
    const { answer, release } = await requestInFlight(gateway);
    const signalledAt = performance.now();
    gateway.signal('SIGTERM');
    expect((await gateway.ended).signal).toBeNull();
    expect(performance.now() - signalledAt).toBeLessThan(10_000);
    expect(await answer).toBe('cut');
    release();
  });

  test('SIGTERM ends with 0 though a browser holds a connection that it never used', async () => {
    await using gateway = await startGateway();
    const silent = connectTo(gateway).on('error', () => {});
    await once(silent, 'connect');
    await answering(gateway);
    gateway.signal('SIGTERM');
    const { code } = await gateway.ended;
    silent.destroy();
    expect(code).toBe(0);
  });
});
