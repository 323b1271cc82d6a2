import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import { onEnd } from './cleanup.ts';
import { pinned, serverCore } from './pinning.ts';

export type ServerLaunch = {
  command: readonly string[];
  /** The working folder; what the server writes goes into a file there. */
  folder: string;
  /** Beside the PATH and the port, all of its environment. */
  env: Readonly<Record<string, string>>;
  /** Asked for until it is answered with 200. Without one, until the server answers anything. */
  readyPath?: string;
};

export type ServerProcess = AsyncDisposable & {
  pid: number;
  port: number;
  /** From the start of the process to its first answer. */
  startMillis: number;
  /** Empties the file that the server writes its log to, which would grow by gigabytes. */
  truncateLog(): void;
};

const mostStartMillis = 60_000;

/**
 * Starts a server on a core of its own and on a free port, which it is told in PORT.
 *
 * @throws Error with all that it wrote, when it ends or does not answer in a minute
 */
export async function startServer(launch: ServerLaunch): Promise<ServerProcess> {
  const port = await freePort();
  const logFile = join(launch.folder, 'server.log');
  const log = openSync(logFile, 'a');
  const [program, ...args] = pinned(serverCore, launch.command);
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd: launch.folder,
    env: { PATH: process.env.PATH, PORT: String(port), ...launch.env },
    stdio: ['ignore', log, log],
    // A group of its own: Ctrl-C is for the bench to act on, and a server's children end with it.
    detached: true,
  });
  closeSync(log);
  const ended = once(child, 'exit');
  const { pid = 0 } = child;
  const kill = () => {
    try {
      if (pid > 0) process.kill(-pid, 'SIGKILL');
    } catch {
      // it has ended already
    }
  };
  const forget = onEnd(kill);
  const dispose = async () => {
    forget();
    kill();
    await ended.catch(() => {});
  };

  try {
    const hasEnded = ended.then(() => true);
    const isUp = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}${launch.readyPath ?? '/'}`).catch(() => undefined);
      await answer?.arrayBuffer();
      return answer !== undefined && (launch.readyPath === undefined || answer.status === 200);
    };
    while (!(await isUp())) {
      const isOver = await Promise.race([hasEnded, delay(2, false)]);
      const isLate = performance.now() - startedAt > mostStartMillis;
      if (!isOver && !isLate) continue;
      const how = isOver ? `ended with ${child.exitCode ?? child.signalCode}` : 'did not answer in time';
      const said = readFileSync(logFile, 'utf8').slice(-4000);
      throw new Error(`${launch.command.join(' ')} ${how} at its start. Its log:\n${said}`);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    pid,
    port,
    startMillis: performance.now() - startedAt,
    truncateLog: () => truncateSync(logFile),
    [Symbol.asyncDispose]: dispose,
  };
}
