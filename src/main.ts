import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Config, ConfigError, readConfig } from './config.ts';
import { describeSettings, printSettings } from './config-report.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { greeting, offeredClouds } from './greeting.ts';

/** The longest that requests in flight may take after a signal, in milliseconds. */
const drainMillis = 8_000;

/** The longest that what is being written may take then, in milliseconds. */
const lastWritesMillis = 1_000;

const seeHelp = 'All settings: npm start -- --help';

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(describeSettings());
    return;
  }
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
  const config = readConfig(process.env);

  let gateway: Gateway | undefined;
  stopOnSignals(() => gateway);
  gateway = await createGateway(config);
  await gateway.listen();
  announce(config, gateway);
}

/**
 * To a person at a terminal, or who tries the sandbox out, what to do next; to whoever collects the log, which is JSON
 * lines, one more line.
 */
function announce(config: Config, gateway: Gateway): void {
  const listening = { url: gateway.url(), port: gateway.port(), sandbox: gateway.sandbox !== undefined };
  if (process.stdout.isTTY || listening.sandbox) {
    process.stdout.write(greeting(config, listening));
    return;
  }
  const { host } = config;
  const { url, port } = listening;
  gateway.log.info({ url, host, port, clouds: offeredClouds(config, listening) }, 'Listening');
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        help: { type: 'boolean', short: 'h' },
        'print-config': { type: 'boolean' },
        doctor: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${seeHelp}`);
  }
}

/** Drains on the first SIGTERM or SIGINT and ends with 0; the second ends the process now. */
function stopOnSignals(running: () => Gateway | undefined): void {
  let stopping = false;
  const stop = () => {
    if (stopping) {
      void end(running(), 1);
      return;
    }
    stopping = true;
    running()?.log.info('Draining');
    setTimeout(() => {
      process.stderr.write(`Ended with requests still in flight after ${drainMillis / 1000} seconds\n`);
      void end(running(), 0);
    }, drainMillis).unref();
    const closed = running()?.close() ?? Promise.resolve();
    closed.then(() => {
      running()?.log.info('Stopped');
      process.exit(0);
    }, fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/**
 * Ends the process though others wait for it, but for what is being written. An exit in the middle of a write to LMDB
 * hangs, and leaves the lock behind; when a write hangs, only SIGKILL lets go of it.
 */
async function end(gateway: Gateway | undefined, code: number): Promise<never> {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), lastWritesMillis);
  await gateway?.abandon();
  process.exit(code);
}

function fail(error: unknown): never {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return `${error.message}\n\n${seeHelp}`;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}

main().catch(fail);
