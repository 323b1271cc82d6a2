import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hotPathSetting } from '../support/hot-path-setting.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import type { SoakClouds } from './clouds.ts';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const collector = new URL('./collect-on-signal.ts', import.meta.url).href;

/** Deadline of a listing, in milliseconds: the sandbox's slow tenant takes five seconds. */
const azureTimeoutMs = 8000;

/** How long it may take to start, in milliseconds. */
const startMillis = 30_000;

/** How many warnings are remembered, and how long after an answer its line in the log has certainly been read. */
const mostWarnings = 300;
const logMillis = 300;

export type SoakedGateway = AsyncDisposable & {
  url: string;
  metricsUrl: string;
  pid: number;
  /** Lines that it logged as an error or worse, or wrote to standard error: none is expected. */
  complaints: string[];
  /** The warning that it logged with a request's id, if that was lately. */
  logOf(requestId: string): Promise<string | undefined>;
  /** Resolves when the process is over, however. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Makes it collect its garbage, soon. */
  collectGarbage(): void;
  /** SIGTERM: it has to finish what is under way, and end with 0. */
  stop(): void;
};

/**
 * The gateway that is measured: a process of its own, on LMDB in a temporary folder, logging as it does by default.
 * Its log is read and dropped line by line: `startGatewayProcess` keeps all that is written, which is too much here.
 */
export async function startSoakedGateway(clouds: SoakClouds): Promise<SoakedGateway> {
  await using started = new AsyncDisposableStack();
  const folder = started.use(createTemporaryFolder());
  const certificateFile = join(folder.path, 'clouds.pem');
  writeFileSync(certificateFile, clouds.certificate);
  const child = spawn(process.execPath, ['--expose-gc', '--import', collector, program], {
    cwd: folder.path,
    env: {
      ...clouds.env,
      NODE_EXTRA_CA_CERTS: certificateFile,
      AZURE_TIMEOUT_MS: String(azureTimeoutMs),
      SESSION_SECRET: 'secret of the soak with 32 characters or more',
      SESSION_STORE: `lmdb:${join(folder.path, 'sessions')}`,
      METRICS_PORT: '0',
      PORT: '0',
      // All the traffic comes from one address, which the limits would refuse after the first seconds.
      RATE_LIMIT: 'off',
      AZURE_CACHE_SECONDS: '0',
      ...hotPathSetting,
    },
  });
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode }));
  started.defer(async () => {
    child.kill('SIGKILL');
    await ended;
  });

  const complaints: string[] = [];
  const warnings: string[] = [];
  createInterface(child.stderr).on('line', (line) => complaints.push(line));
  const url = Promise.withResolvers<string>();
  const metricsUrl = Promise.withResolvers<string>();
  createInterface(child.stdout).on('line', (line) => {
    if (/^\{"level":"(error|fatal)"/.test(line)) complaints.push(line);
    if (line.startsWith('{"level":"warn"')) warnings.push(line);
    if (warnings.length > mostWarnings) warnings.shift();
    const metrics = /"url":"(http[^"]+)".*Metrics are served/.exec(line)?.[1];
    if (metrics !== undefined) metricsUrl.resolve(metrics);
    const page = /"url":"(http[^"]+)".*"msg":"Listening"/.exec(line)?.[1];
    if (page !== undefined) url.resolve(page);
  });
  const endedEarly = ended.then(({ code }): never => {
    throw new Error(`The gateway ended with ${code} at its start:\n${complaints.join('\n')}`);
  });
  endedEarly.catch(() => {});

  const late = delay(startMillis, undefined, { ref: false }).then((): never => {
    throw new Error(`The gateway printed no URL within ${startMillis} ms`);
  });
  const urls = await Promise.race([Promise.all([url.promise, metricsUrl.promise]), endedEarly, late]);
  const owned = started.move();
  return {
    url: urls[0],
    metricsUrl: urls[1],
    pid: child.pid ?? Number.NaN,
    complaints,
    async logOf(requestId) {
      await delay(logMillis);
      return warnings.find((line) => line.includes(requestId));
    },
    ended,
    collectGarbage: () => void child.kill('SIGUSR2'),
    stop: () => void child.kill('SIGTERM'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
