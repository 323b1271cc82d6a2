import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { hotPathSetting } from '../support/hot-path-setting.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** How a gateway is started: its working folder is its own, and its environment holds `env` and nothing else. */
export type Launch = {
  folder: string;
  env?: Record<string, string>;
  flags?: string[];
  /** What is run in the place of `src/main.ts`. */
  program?: string;
};

/** How a process ended and all that it wrote. */
export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

export type GatewayProcess = AsyncDisposable & {
  url: string;
  pid: number;
  /** What it has written so far, both streams. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended, however. */
  ended: Promise<Ended>;
};

/** `node src/main.ts` to its end, for starts that are to fail or to print something. Killed after `mostMillis`. */
export async function runGateway(launch: Launch, mostMillis = 20_000): Promise<Ended> {
  const { child, ended } = launchGateway(launch);
  const late = setTimeout(() => child.kill('SIGKILL'), mostMillis);
  try {
    return await ended;
  } finally {
    clearTimeout(late);
  }
}

/**
 * `node src/main.ts` until it says its URL, or answers; the port is a free one. `await using` kills it:
 *
 *     await using gateway = await startGatewayProcess({ folder: folder.path });
 */
export async function startGatewayProcess({ env, ...launch }: Launch): Promise<GatewayProcess> {
  const isQuiet = /^(warn|error|fatal|silent)$/.test(env?.LOG_LEVEL ?? '');
  const port = isQuiet ? await freePort() : 0;
  const { child, ended, output } = launchGateway({
    ...launch,
    env: { PORT: String(port), RATE_LIMIT: 'off', AZURE_CACHE_SECONDS: '0', ...hotPathSetting, ...env },
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const printed = Promise.withResolvers<string>();
  child.stdout?.on('data', () => {
    const url = printedUrl(output());
    if (url !== undefined) printed.resolve(url);
  });
  if (isQuiet) untilAnswering(`http://localhost:${port}`, ended).then(printed.resolve);
  ended.then(({ code }) => printed.reject(new Error(`It ended with ${code} at its start:\n${output()}`)));
  const late = setTimeout(() => printed.reject(new Error(`It printed no URL:\n${output()}`)), 20_000);
  try {
    const url = await printed.promise;
    return {
      url,
      pid: child.pid ?? Number.NaN,
      output,
      ended,
      signal: (name) => child.kill(name),
      [Symbol.asyncDispose]: kill,
    };
  } catch (error) {
    await kill();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** One that logs no more than warnings does not say where it listens: it is told where, and asked until it answers. */
async function untilAnswering(url: string, ended: Promise<Ended>): Promise<string> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const isUp = () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!isOver && !(await isUp())) await delay(10);
  return url;
}

/** The URL that a gateway says it has, to a person or in its log; undefined before it listens. */
export function printedUrl(output: string): string | undefined {
  const [, greeted] = /Console +(http\S+)\/\n/.exec(output) ?? [];
  const [, logged] = /^\{[^\n]*"url":"(http[^"\n]+)"[^\n]*"msg":"Listening"\}\n/m.exec(output) ?? [];
  return greeted ?? logged;
}

function launchGateway({ folder, env = {}, flags = [], program = main }: Launch): {
  child: ChildProcess;
  ended: Promise<Ended>;
  output(): string;
} {
  const child = spawn(process.execPath, [program, ...flags], { cwd: folder, env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
    stdout,
    stderr,
  }));
  return { child, ended, output: () => stdout + stderr };
}
