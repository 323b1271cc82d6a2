import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFailed, test } from 'vitest';
import { createBusyBrowser, type Tally } from '../process/busy-browser.ts';
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts';
import { startCloudsGateway } from '../process/trusted-clouds.ts';
import { standardRole } from '../support/connect-role.ts';
import { median } from '../support/median.ts';
import { testSecret } from '../support/sealing.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const kills = 100;
const browserCount = 8;

/** How long the browsers work on before a kill, once the gateway has taken a first change of theirs, in milliseconds. */
const mostWorkMillis = 250;

/** What the browsers do, as they count it. */
const acknowledged = ['a sign-in', 'a link', 'a connect', 'a disconnect', 'a logout'];

const changes = (tally: Tally): number => acknowledged.reduce((sum, what) => sum + (tally.get(what) ?? 0), 0);

/** When a start counts as hanging, in milliseconds: many times what it takes, for a machine with other work. */
const hangingMillis = 20_000;

/** Starts a gateway and waits until it is ready; gives its URL and how long that took. */
async function ready(start: () => Promise<GatewayProcess>): Promise<{ url: string; millis: number }> {
  const startedAt = performance.now();
  const { url } = await start();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  return { url, millis: performance.now() - startedAt };
}

/** Says which choices failed; SEED=… makes them again, as far as the machine's timing does. */
function seededRandom() {
  const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
  onTestFailed(() => void process.stderr.write(`To run it again: SEED=${seed}\n`));
  return createSeededRandom(seed);
}

test(`what was acknowledged outlives kill -9 in the middle of writes, and what was ended stays so, ${kills} times`, {
  timeout: 900_000,
}, async () => {
  const random = seededRandom();
  using cache = createTemporaryFolder();
  await using clouds = await startCloudsGateway({
    TOKEN_EXPOSURE: 'none',
    LOG_LEVEL: 'warn',
    NODE_COMPILE_CACHE: cache.path,
  });
  // Who leaves by itself leaves its compiled code to the next ones: a hundred starts take half a minute less.
  clouds.gateway().signal('SIGTERM');
  await clouds.gateway().ended;
  await clouds.restart();
  clouds.sts.roles.set(standardRole, { externalId: 'any' });
  const tally: Tally = new Map();
  const { url } = clouds.gateway();
  const browsers = Array.from({ length: browserCount }, () =>
    createBusyBrowser({ url, random: createSeededRandom(random.integer(0, 2 ** 31)), tally }),
  );

  const starts: number[] = [];
  for (let kill = 1; kill <= kills; kill++) {
    let isGone = false;
    const working = Promise.all(browsers.map((browser) => browser.work(() => isGone)));
    const before = changes(tally);
    const begun = expect.poll(() => changes(tally), { interval: 5, timeout: 10_000 }).toBeGreaterThan(before);
    await Promise.race([working, begun.then(() => delay(random.integer(0, mostWorkMillis)))]);
    isGone = true;
    clouds.gateway().signal('SIGKILL');
    await Promise.all([clouds.gateway().ended, working]);
    const again = await ready(async () => {
      await clouds.restart();
      return clouds.gateway();
    });
    starts.push(again.millis);
    const found = await Promise.all(browsers.map((browser) => browser.contradictionsAt(again.url)));
    expect(found.flat(), `after kill ${kill}`).toEqual([]);
  }

  process.stdout.write(
    `Ready again after ${Math.round(median(starts))} ms (median of ${starts.length} starts); ${[...tally].map(([what, count]) => `${what}: ${count}`).join(', ')}\n`,
  );
  expect(Math.max(...starts)).toBeLessThan(hangingMillis);
  for (const what of [...acknowledged, 'no answer'])
    expect(tally.get(what) ?? 0, what).toBeGreaterThan(kills / 10);
});

test('a gateway with its sandbox, which is made anew, is ready again too', async () => {
  using folder = createTemporaryFolder();
  const launch = { folder: folder.path, env: { SESSION_SECRET: testSecret } };
  for (let start = 0; start < 2; start++) {
    await using stack = new AsyncDisposableStack();
    const { millis } = await ready(async () => stack.use(await startGatewayProcess(launch)));
    expect(millis).toBeLessThan(hangingMillis);
  }
});
