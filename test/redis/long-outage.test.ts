import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Browser } from '../support/browser.ts';
import { startRedis } from '../support/redis-process.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { answerMillis, ask, isJohn, untilGood } from './answers.ts';
import { type LoadRequest, startLoad } from './steady-load.ts';

const seconds = 60;

test('a minute without Redis under load takes no more memory, and no answer more than a second', {
  timeout: 150_000,
}, async () => {
  using folder = createTemporaryFolder();
  await using redis = await startRedis();
  await using gateway = await startMeasuredGateway(folder.path, redis.url);
  const browser = new Browser(gateway.url);
  await browser.signIn('john');
  const cookie = await browser.jar.getCookieString(gateway.url);

  redis.stop();
  const load = startLoad({ url: gateway.url, connections: 50, requests: requestsOf(cookie) });
  const memory: number[] = [];
  for (let second = 0; second < seconds; second++) {
    await delay(1_000);
    memory.push(gateway.residentMegabytes());
  }
  const { answers, wrong, slowestMilliseconds } = await load.stop();
  redis.resume();

  await untilGood(() => ask(browser, '/api/user'), isJohn);
  expect(wrong).toEqual([]);
  expect(Math.min(...Object.values(answers))).toBeGreaterThan(seconds);
  expect(slowestMilliseconds).toBeLessThan(answerMillis);
  expect(mean(memory.slice(-15))).toBeLessThan(1.2 * mean(memory.slice(9, 25)) + 20);
});

/** A signed-in browser that reads, starts a sign-in and signs out, and somebody whom the outage does not concern. */
function requestsOf(cookie: string): LoadRequest[] {
  const is503 =
    (code: string): LoadRequest['isRight'] =>
    (answer) =>
      answer.status === 503 && !answer.setsCookie && answer.body.includes(`"code":"${code}"`);
  const unavailable = is503('SESSION_STORE_UNAVAILABLE');
  return [
    { name: 'user', path: '/api/user', cookie, isRight: unavailable },
    { name: 'me', path: '/graphql', query: '{ me { name } }', cookie, isRight: unavailable },
    { name: 'start', path: '/api/login/azure', isRight: unavailable },
    { name: 'logout', path: '/api/logout', cookie, isRight: is503('LOGOUT_INCOMPLETE') },
    {
      name: 'anonymous',
      path: '/api/user',
      isRight: ({ status, body }) => status === 200 && body === '{"logged_in":false}',
    },
  ];
}

const mean = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

type MeasuredGateway = AsyncDisposable & { url: string; residentMegabytes(): number };

/** A gateway process of which nothing is kept that it writes: a minute of its log is more than the memory measured. */
async function startMeasuredGateway(folder: string, store: string): Promise<MeasuredGateway> {
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    env: { PORT: '0', RATE_LIMIT: 'off', SESSION_STORE: store },
  });
  child.stderr.resume();
  const ended = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < 10_000) output += text;
      const printed = /Console +(http\S+)\/\n/.exec(output)?.[1];
      if (printed !== undefined) resolve(printed);
    });
    child.once('close', () => reject(new Error(`The gateway ended at its start: ${output}`)));
  });
  return {
    url,
    residentMegabytes() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
