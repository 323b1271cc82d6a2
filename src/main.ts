import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Config, ConfigError, readConfig } from './config.ts';
import { describeSettings, printSettings } from './config-report.ts';
import type { Gateway } from './gateway.ts';
import { greeting, offeredClouds } from './greeting.ts';
import type { Workers } from './workers/workers.ts';

/** The longest that requests in flight may take after a signal, in milliseconds. */
const drainMillis = 8_000;

/** For how long nobody may have asked, in milliseconds, before connections are closed. */
const quietMillis = 200;

/** A worker is told when it has taken too long. It looks at the clock for when nobody is left to tell it. */
const workerDrainMillis = 8_500;

/** The longest that what is being written may take then, in milliseconds. */
const lastWritesMillis = 1_000;

const seeHelp = 'All settings: npm start -- --help';

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(describeSettings());
    return;
  }
  if (options.worker) return work();
  const atStart = { ...process.env };
  if (existsSync('.env')) process.loadEnvFile('.env');
  if (options['print-config']) {
    process.stdout.write(printSettings(process.env));
    return;
  }
  if (options.doctor) {
    const { examine } = await import('./doctor/doctor.ts');
    const { stdout, env: environment } = process;
    const print = (text: string) => void stdout.write(text);
    stdout.on('error', () => {}); // `| head` has seen enough
    const isWell = await examine({
      environment,
      atStart,
      print,
      colours: stdout.isTTY && !environment.NO_COLOR,
    });
    process.exit(isWell ? 0 : 1);
  }
  process.stdout.on('error', () => {}); // whoever reads it has seen enough; the gateway goes on
  const config = readConfig(process.env);

  let running: Gateway | Workers | undefined;
  const ending = createEnding(() => running);
  stopOnSignals(ending);
  if (config.workers > 1) {
    const { abandonMillis, createWorkers } = await import('./workers/workers.ts');
    ending.mostMillis = abandonMillis;
    running = await createWorkers(config);
  } else {
    const { createGateway } = await import('./gateway.ts');
    running = await createGateway(config);
  }
  await running.listen();
  announce(config, running);
}

/**
 * One of the processes that WORKERS starts: a gateway that begins, and ends, when the process that has started it says
 * so. A Ctrl-C at a terminal reaches all of them, so signals are left to that one.
 */
async function work(): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => {});
  const { joinPrimary } = await import('./workers/worker-member.ts');
  let gateway: Gateway | undefined;
  const ending = createEnding(() => gateway, { isWorker: true });
  const primary = joinPrimary({
    drain: ending.drain,
    end: () => void ending.now(0),
    abandoned() {
      gateway?.log.error('The process that started this worker is gone: it ends, too');
      ending.drain();
    },
    metrics: async () => gateway?.metricValues(),
  });
  try {
    const { variables, certificate, warns } = await primary.begin;
    const { createGateway } = await import('./gateway.ts');
    const worker = { warns, sandbox: certificate !== undefined };
    gateway = await createGateway(readConfig({ ...process.env, ...variables }), { worker });
    await gateway.listen();
    primary.listening({ url: gateway.url(), port: gateway.port() });
  } catch (error) {
    await primary.failed(explain(error));
    process.exit(1);
  }
}

/**
 * To a person at a terminal, or who tries the sandbox out, what to do next; to whoever collects the log, which is JSON
 * lines, one more line.
 */
function announce(config: Config, gateway: Gateway | Workers): void {
  const listening = { url: gateway.url(), port: gateway.port(), sandbox: gateway.sandbox !== undefined };
  if (process.stdout.isTTY || listening.sandbox) {
    process.stdout.write(greeting(config, listening));
    return;
  }
  const { host, workers } = config;
  const { url, port } = listening;
  const clouds = offeredClouds(config, listening);
  gateway.log.info({ url, host, port, clouds, ...(workers > 1 && { workers }) }, 'Listening');
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        help: { type: 'boolean', short: 'h' },
        'print-config': { type: 'boolean' },
        doctor: { type: 'boolean' },
        worker: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${seeHelp}`);
  }
}

/** How the process ends. */
type Ending = {
  isDraining(): boolean;
  /** Finishes requests in flight, for some seconds at most, and ends with 0; another time it changes nothing. */
  drain(): void;
  /**
   * Ends though others wait for the process, but for what is being written. An exit in the middle of a write to LMDB
   * hangs, and leaves the lock behind; when a write hangs, only SIGKILL lets go of it.
   */
  now(code: number): Promise<never>;
  /** The longest that `now` waits, in milliseconds. */
  mostMillis: number;
};

function createEnding(
  running: () => Gateway | Workers | undefined,
  { isWorker = false }: { isWorker?: boolean } = {},
): Ending {
  let isDraining = false;
  let isEnding = false;
  const say = (event: string) => void (isWorker || running()?.log.info(event));
  const ending: Ending = {
    isDraining: () => isDraining,
    drain() {
      if (isDraining) return;
      isDraining = true;
      say('Draining');
      const mostMillis = isWorker ? workerDrainMillis : drainMillis;
      setTimeout(() => {
        process.stderr.write(`Ended with requests still in flight after ${mostMillis / 1000} seconds\n`);
        void ending.now(0);
      }, mostMillis).unref();
      const closed = running()?.close(quietMillis) ?? Promise.resolve();
      closed.then(() => {
        if (isEnding) return; // what is closed had no time to finish
        say('Stopped');
        process.exit(0);
      }, fail);
    },
    async now(code) {
      isEnding = true;
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), ending.mostMillis);
      await running()?.abandon();
      process.exit(code);
    },
    mostMillis: lastWritesMillis,
  };
  return ending;
}

/** A Ctrl-C that comes again this soon, in milliseconds, is the same: npm passes on what the terminal sends to all. */
const sameInterruptMillis = 500;

/** Drains on the first SIGTERM or SIGINT; the second ends the process now. */
function stopOnSignals(ending: Ending): void {
  const stop = () => (ending.isDraining() ? void ending.now(1) : ending.drain());
  let interruptedAt = Number.NEGATIVE_INFINITY;
  process.on('SIGTERM', stop);
  process.on('SIGINT', () => {
    const isSame = performance.now() - interruptedAt < sameInterruptMillis;
    interruptedAt = performance.now();
    if (!isSame) stop();
  });
}

function fail(error: unknown): never {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return `${error.message}\n\n${seeHelp}`;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
    return `Packages are missing: run npm ci (${error.message})`;
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}

main().catch(fail);
