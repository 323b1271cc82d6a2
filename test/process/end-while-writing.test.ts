import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { testSecret } from '../support/sealing.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';

const rounds = 8;

/** Starts sign-ins, which are writes, for as long as the gateway takes them. */
function keepWriting({ url }: GatewayProcess): AsyncDisposable {
  let stopped = false;
  const write = async () => {
    while (!stopped) await fetch(`${url}/api/login/azure`, { redirect: 'manual' }).catch(() => delay(5));
  };
  const writing = Promise.all(Array.from({ length: 10 }, write));
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      await writing;
    },
  };
}

const statusOfWrite = async ({ url }: GatewayProcess): Promise<number> =>
  (await fetch(`${url}/api/login/azure`, { redirect: 'manual', signal: AbortSignal.timeout(5_000) })).status;

test('a gateway that is told twice to stop in the middle of writes ends, and the other on its folder goes on', async () => {
  using folder = createTemporaryFolder();
  const launch = { folder: folder.path, env: { SESSION_SECRET: testSecret, RATE_LIMIT: 'off' } };
  await using stays = await startGatewayProcess(launch);
  await using _busy = keepWriting(stays);
  for (let round = 0; round < rounds; round++) {
    await using goes = await startGatewayProcess(launch);
    await using _writing = keepWriting(goes);
    await delay(50 + Math.random() * 100);
    goes.signal('SIGTERM');
    await delay(Math.random() * 10);
    goes.signal('SIGTERM');
    const ended = await Promise.race([goes.ended, delay(5_000)]);
    expect(ended?.signal ?? 'code', `round ${round}`).toBe('code');
    expect(await statusOfWrite(stays), `round ${round}`).toBe(302);
  }
}, 180_000);
