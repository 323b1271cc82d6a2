import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** How a gateway is started: its working folder is its own, and its environment holds `env` and nothing else. */
export type Launch = { folder: string; env?: Record<string, string>; flags?: string[] };

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

/** `node src/main.ts` to its end, for starts that are to fail or to print something. Killed after 20 seconds. */
export async function runGateway(launch: Launch): Promise<Ended> {
  const { child, ended } = launchGateway(launch);
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  try {
    return await ended;
  } finally {
    clearTimeout(late);
  }
}

/**
 * `node src/main.ts` until it prints its URL; the port is a free one. `await using` kills it:
 *
 *     await using gateway = await startGatewayProcess({ folder: folder.path });
 */
export async function startGatewayProcess({ env, ...launch }: Launch): Promise<GatewayProcess> {
  const { child, ended, output } = launchGateway({
    ...launch,
    env: { PORT: '0', RATE_LIMIT: 'off', ...env },
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const printed = Promise.withResolvers<string>();
  child.stdout?.on('data', () => {
    const url = /Console +(http\S+)\/\n/.exec(output())?.[1];
    if (url !== undefined) printed.resolve(url);
  });
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

function launchGateway({ folder, env = {}, flags = [] }: Launch): {
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
