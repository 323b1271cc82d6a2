import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const host = '127.0.0.1';
const run = promisify(execFile);

/** Files in PEM. The certificate has to name the IP address 127.0.0.1, which is where clients look for it. */
export type RedisTlsFiles = { certFile: string; keyFile: string; caFile: string };

export type RedisOptions = {
  /** Lines of redis.conf beside, or instead of, those here. A password is also used by `command`, not by `url`. */
  settings?: Record<string, string>;
  /** Speaks TLS alone, and asks clients for no certificate. */
  tls?: RedisTlsFiles;
  replicaOf?: RedisProcess;
  /** Nothing for a server that stands alone. One of a cluster gets a free port for the bus, too. */
  mode?: 'sentinel' | 'cluster';
};

export type RedisProcess = AsyncDisposable & {
  host: typeof host;
  port: number;
  /** `redis://127.0.0.1:port`, with TLS `rediss://`. */
  url: string;
  /**
   * Runs one command over a connection of its own; a reply of many elements has a line for each.
   * @throws Error with the error that Redis answers, or after 5 seconds without an answer
   */
  command(...args: string[]): Promise<string>;
  /** SIGSTOP: connections stay open, and nobody answers. */
  stop(): void;
  /** SIGCONT, after `stop`. */
  resume(): void;
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port, folder and settings, with all that it had acknowledged. */
  restart(): Promise<void>;
  /** All that it keeps on disk: a new snapshot, not compressed, and the append-only files, with what was deleted. */
  dump(): Promise<Buffer>;
};

/** Every redis not yet disposed of. Vitest ends its workers with SIGTERM, which is no `exit`. */
const undisposed = new Set<() => void>();
const endAll = () => {
  for (const end of undisposed) end();
};
process.on('exit', endAll);
process.once('SIGTERM', () => {
  endAll();
  process.kill(process.pid, 'SIGTERM');
});

/**
 * A redis-server of its own on a free loopback port, in a folder of its own, once it answers PING; a replica, once
 * it has what its primary has. It writes every change to disk before it answers. `await using` ends it:
 *
 *     await using redis = await startRedis();
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(await freePort(), options);
    } catch (error) {
      // Whoever took the port between our look at it and redis's start keeps it.
      if (attempt === 5 || !/Address already in use/.test(String(error))) throw error;
    }
  }
}

async function startOn(port: number, options: RedisOptions): Promise<RedisProcess> {
  const folder = createTemporaryFolder();
  const settings = await settingsOf(port, folder.path, options);
  const file = join(folder.path, 'redis.conf');
  // A file rather than flags: Sentinel and CONFIG REWRITE keep their state in it, which `restart` then finds.
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  const tlsFlags = options.tls ? ['--tls', '--cacert', options.tls.caFile] : [];
  const command = (...args: string[]) =>
    runCommand([...tlsFlags, '-p', `${port}`, ...args], settings.requirepass);

  let server: Launched;
  const start = async () => {
    server = launch([file, ...(options.mode === 'sentinel' ? ['--sentinel'] : [])]);
    await untilReady(server, command);
  };
  const kill = async () => {
    server.child.kill('SIGKILL');
    await server.ended;
  };
  const end = () => {
    server.child.kill('SIGKILL');
    folder[Symbol.dispose]();
  };
  undisposed.add(end);
  const dispose = async () => {
    await kill();
    end();
    undisposed.delete(end);
  };

  try {
    await start();
    if (options.replicaOf)
      await until(
        async () => /master_link_status:up/.test(await command('INFO', 'replication')),
        'a linked replica',
      );
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    host,
    port,
    url: `${options.tls ? 'rediss' : 'redis'}://${host}:${port}`,
    command,
    stop: () => void server.child.kill('SIGSTOP'),
    resume: () => void server.child.kill('SIGCONT'),
    kill,
    async restart() {
      if (isRunning(server.child)) throw new Error('Kill it before you restart it');
      await start();
    },
    async dump() {
      await command('SAVE');
      const files = readdirSync(folder.path, { recursive: true, encoding: 'utf8' });
      const data = files.filter((name) => /\.(rdb|aof)$/.test(name)).sort();
      return Buffer.concat(data.map((name) => readFileSync(join(folder.path, name))));
    },
    [Symbol.asyncDispose]: dispose,
  };
}

async function settingsOf(
  port: number,
  folder: string,
  { settings, tls, replicaOf, mode }: RedisOptions,
): Promise<Record<string, string>> {
  return {
    bind: host,
    'protected-mode': 'no',
    daemonize: 'no',
    loglevel: 'warning',
    dir: folder,
    port: `${port}`,
    ...(mode !== 'sentinel' && {
      save: '""',
      appendonly: 'yes',
      appendfsync: 'always',
      // What a test looks for in a dump has to be found there.
      rdbcompression: 'no',
      // A primary otherwise waits 5 seconds for more replicas before it serves the first.
      'repl-diskless-sync-delay': '0',
    }),
    ...(mode === 'cluster' && { 'cluster-enabled': 'yes', 'cluster-port': `${await freePort()}` }),
    ...(replicaOf && { replicaof: `${replicaOf.host} ${replicaOf.port}` }),
    ...(tls && {
      port: '0',
      'tls-port': `${port}`,
      'tls-cert-file': tls.certFile,
      'tls-key-file': tls.keyFile,
      'tls-ca-cert-file': tls.caFile,
      'tls-auth-clients': 'no',
    }),
    ...settings,
  };
}

/** `ended` resolves with all that it wrote. */
type Launched = { child: ChildProcess; ended: Promise<string> };

function launch(args: string[]): Launched {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ended = Promise.withResolvers<string>();
  // Not `exit`: what it forked to write a snapshot works in the folder until it is through.
  child.once('close', () => ended.resolve(output));
  child.once('error', (error) => ended.resolve(String(error)));
  return { child, ended: ended.promise };
}

async function untilReady({ child, ended }: Launched, command: RedisProcess['command']): Promise<void> {
  const answers = async () => {
    if (!isRunning(child)) throw new Error(explained(`redis-server ended at its start: ${await ended}`));
    // Another process on the port would answer PING as well.
    const reply = await command('PING').catch(() => '');
    return reply === 'PONG' && (await command('INFO', 'server')).includes(`process_id:${child.pid}\r`);
  };
  await until(answers, 'an answer to PING');
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

async function runCommand(args: string[], password: string | undefined): Promise<string> {
  const env = { ...process.env, ...(password !== undefined && { REDISCLI_AUTH: password }) };
  try {
    const { stdout } = await run('redis-cli', ['-e', ...args], {
      env,
      timeout: 5_000,
      killSignal: 'SIGKILL',
    });
    return stdout.replace(/\n$/, '');
  } catch (error) {
    const { stderr = '', killed } = error as { stderr?: string; killed?: boolean };
    throw new Error(
      killed ? 'Redis did not answer within 5 seconds' : explained(stderr.trim() || String(error)),
    );
  }
}

const explained = (fault: string): string =>
  /ENOENT/.test(fault)
    ? `Redis is missing: run \`npm run check\`, which installs it, or \`apt-get install redis-server\` (${fault})`
    : fault;

/**
 * Asks again and again, at most 100 milliseconds apart, until the answer is yes.
 * @throws Error after 15 seconds, with `what` was waited for; and what `isSo` throws, at once
 */
export async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (let pause = 10; !(await isSo()); pause = Math.min(pause * 2, 100)) {
    if (Date.now() > deadline) throw new Error(`Waited 15 seconds in vain for ${what}`);
    await delay(pause);
  }
}
