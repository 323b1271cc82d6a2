import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { testSecret } from '../support/sealing.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';

/** How many clients ask at once, each its next question as soon as the last one is answered. */
const clients = 16;

type Load = {
  answered(): number;
  /** Stops it; resolves with what went wrong, by its code. */
  stop(): Promise<string[]>;
};

/** Half of the clients keep their connections, and the others open one for each request. */
function startLoad({ url }: GatewayProcess): Load {
  const { hostname, port } = new URL(url);
  const failures: string[] = [];
  let answered = 0;
  let isOver = false;
  const ask = (agent: Agent | false) =>
    new Promise<void>((resolve) => {
      const asked = get({ hostname, port, path: '/api/user', agent }, (answer) => {
        if (answer.statusCode === 200) answered += 1;
        else failures.push(String(answer.statusCode));
        answer.resume().once('close', resolve);
      });
      asked.once('error', (error: NodeJS.ErrnoException) => {
        failures.push(error.code ?? error.message);
        resolve();
      });
    });
  const running = Array.from({ length: clients }, async (_, client) => {
    const agent = client % 2 === 0 ? new Agent({ keepAlive: true, maxSockets: 1 }) : false;
    while (!isOver) await ask(agent);
    if (agent) agent.destroy();
  });
  return {
    answered: () => answered,
    async stop() {
      isOver = true;
      await Promise.all(running);
      return failures;
    },
  };
}

/** As a balancer does: it asks now and then, and sends no more once it is told. */
async function untilNotReady({ url }: GatewayProcess): Promise<void> {
  const isReady = () =>
    fetch(`${url}/readyz`, { headers: { connection: 'close' } }).then(
      ({ ok }) => ok,
      () => false,
    );
  while (await isReady()) await delay(50);
}

test.each(['1', '2'])(
  'SIGTERM under load loses no request until a balancer has noticed, with WORKERS=%s',
  async (WORKERS) => {
    using folder = createTemporaryFolder();
    const env = {
      WORKERS,
      AZURE_CLIENT_ID: 'client',
      AZURE_CLIENT_SECRET: 'canary-client-secret',
      AZURE_TENANT_ID: 'organizations',
      SESSION_SECRET: testSecret,
    };
    await using gateway = await startGatewayProcess({ folder: folder.path, env });
    const load = startLoad(gateway);
    await expect.poll(load.answered, { timeout: 20_000 }).toBeGreaterThan(10 * clients);
    gateway.signal('SIGTERM');
    await untilNotReady(gateway);
    expect(await load.stop()).toEqual([]);
    expect(await gateway.ended).toMatchObject({ code: 0, stderr: '' });
  },
);
