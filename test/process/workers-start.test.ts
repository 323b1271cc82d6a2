import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { startWarnings } from '../../src/start-warnings.ts';
import { nextPause } from '../../src/workers/worker-place.ts';
import { testSecret } from '../support/sealing.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type Ended, runGateway, startGatewayProcess } from './gateway-process.ts';
import { isAlive, workerPids } from './worker-pids.ts';

const cloud = {
  AZURE_CLIENT_ID: 'client',
  AZURE_CLIENT_SECRET: 'canary-client-secret',
  AZURE_TENANT_ID: 'organizations',
  SESSION_SECRET: testSecret,
};

/** A start that fails says why once, however many processes it is of, and leaves none behind. */
function expectOneLine({ code, signal, stdout, stderr }: Ended, saying: RegExp): void {
  expect({ code, signal, stdout }).toEqual({ code: 1, signal: null, stdout: '' });
  expect(stderr).toMatch(saying);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
}

test.each(['0', '65', 'two', '1.5'])('WORKERS=%s is refused, with what it may be', async (WORKERS) => {
  using folder = createTemporaryFolder();
  const { code, stderr } = await runGateway({ folder: folder.path, env: { WORKERS } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/WORKERS must be a whole number, 1 to 64; this machine has cores for \d+\n/);
  expect(stderr.match(/WORKERS must/g)).toHaveLength(1);
});

test.each(['PORT', 'METRICS_PORT'])('a %s that is taken is named once', async (setting) => {
  using folder = createTemporaryFolder();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const env = { ...cloud, WORKERS: '3', PORT: '0', [setting]: String(port) };
  const ended = await runGateway({ folder: folder.path, env });
  other.close();
  expectOneLine(ended, new RegExp(`^Port ${port} of 127.0.0.1 .*\\(${setting}\\); stop the program`));
});

test('a store file that is no store is named once', async () => {
  using folder = createTemporaryFolder();
  writeFileSync(join(folder.path, 'data.mdb'), 'no LMDB environment\n'.repeat(1000));
  const env = { ...cloud, WORKERS: '3', PORT: '0', SESSION_STORE: 'lmdb:./' };
  expectOneLine(await runGateway({ folder: folder.path, env }), /^The session store in \.\/ is damaged/);
});

test('three processes make the store that is not there yet, for its owner alone, and say once that they listen', async () => {
  using folder = createTemporaryFolder();
  await using gateway = await startGatewayProcess({ folder: folder.path, env: { ...cloud, WORKERS: '3' } });
  expect(workerPids(gateway.pid)).toHaveLength(3);
  expect(statSync(join(folder.path, 'data/sessions')).mode & 0o077).toBe(0);
  gateway.signal('SIGTERM');
  const { code, stdout, stderr } = await gateway.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'info');
  expect(events).toMatchObject([
    { msg: 'Listening', url: gateway.url, workers: 3 },
    { msg: 'Draining' },
    { msg: 'Stopped' },
  ]);
  expect(stdout).not.toContain(testSecret);
});

test('one process is the gateway itself', async () => {
  using folder = createTemporaryFolder();
  await using gateway = await startGatewayProcess({ folder: folder.path, env: { ...cloud, WORKERS: '1' } });
  expect(workerPids(gateway.pid)).toEqual([]);
  expect(gateway.output()).not.toContain('workers');
});

test('a signal while it starts processes again ends it with 0, and leaves nothing behind', async () => {
  using folder = createTemporaryFolder();
  const env = { ...cloud, WORKERS: '2', METRICS_PORT: '0' };
  await using gateway = await startGatewayProcess({ folder: folder.path, env });
  const workers = workerPids(gateway.pid);
  for (const pid of workers) process.kill(pid, 'SIGKILL');
  await expect.poll(() => gateway.output()).toContain('A worker ended');
  gateway.signal('SIGTERM');
  expect(await gateway.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(workers.filter(isAlive)).toEqual([]);
});

test('nobody starts a worker by hand', async () => {
  using folder = createTemporaryFolder();
  expectOneLine(await runGateway({ folder: folder.path, flags: ['--worker'] }), /WORKERS/);
});

test('more processes than cores are warned of', () => {
  const warnings = (WORKERS: string) =>
    startWarnings(readConfig({ WORKERS }), { sandbox: true, https: false }).join();
  expect(warnings('64')).toMatch(/WORKERS=64, and this machine has .*; set WORKERS=\d+/);
  expect(warnings('1')).not.toContain('WORKERS');
});

test('the pause before a new start doubles to ten seconds, and begins anew after a minute of health', () => {
  const pauses: number[] = [];
  for (let crash = 0; crash < 9; crash++) pauses.push(nextPause(pauses.at(-1), 500));
  expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  expect(nextPause(10_000, 59_000)).toBe(10_000);
  expect(nextPause(10_000, 60_000)).toBe(100);
});
