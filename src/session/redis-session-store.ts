import type { RedisLocation } from '../config-store.ts';
import type { Log } from '../log.ts';
import { openRedisConnection, type RedisConnection } from './redis-connection.ts';
import { openRedisLink, type RedisCommand, type RedisReply } from './redis-link.ts';
import {
  compareAndSetScript,
  createScript,
  destroyScript,
  extendScript,
  type RedisScript,
} from './redis-scripts.ts';
import { confirmed, isLostPrimary, openWaitingConnection } from './redis-waiting.ts';
import type { SessionStore, StoredRecord } from './session-store.ts';

/** Other applications may share the database. */
const prefix = 'mcm:';

/**
 * Sessions in Redis 6.2 or later, for gateways on many machines: one server, the primary that sentinels name, or a
 * Cluster.
 *
 * With `waitReplicas` a write that has resolved is held by so many replicas too (WAIT): such writes have a
 * connection of their own, because it stands still until the replicas have answered.
 */
export async function openRedisSessionStore(options: {
  location: RedisLocation;
  waitReplicas: number;
  log: Log;
  now?: (() => number) | undefined;
}): Promise<SessionStore> {
  const { location, waitReplicas, log, now = Date.now } = options;
  const hasParts = location.kind === 'redis-cluster';
  const connection = await openRedisConnection({
    open: (signal) => openRedisLink(location, signal),
    endsLink: isLostPrimary,
    says: {
      lost: hasParts ? 'Part of the session store does not answer' : 'The session store does not answer',
      refused: 'The session store refuses the gateway; check SESSION_STORE',
      back: 'The session store answers again',
    },
    log,
  });
  const writing = waitReplicas === 0 ? connection : await openWaitingConnection(location, waitReplicas, log);

  /** A script that changes what must not be lost. True for 1. */
  const write = (script: RedisScript, key: string, ...args: Argument[]): Promise<boolean> =>
    waitReplicas === 0
      ? runScript(connection, script, key, args)
      : runAndWait({ connection: writing, script, key, args, waitReplicas });

  const lifetime = (expiresAt: number) => Math.max(1, Math.ceil(expiresAt - now()));

  return {
    async get(key) {
      const fields: RedisCommand = ['HMGET', prefix + key, 'value', 'version', 'expiresAt'];
      const stored = recordOf(await connection.use((link) => link.send(prefix + key, fields)));
      return stored && stored.expiresAt > now() ? stored : undefined;
    },
    create: (key, value, expiresAt, owner = '') =>
      write(createScript, prefix + key, now(), value, expiresAt, lifetime(expiresAt), owner),
    compareAndSet: (key, version, value) => write(compareAndSetScript, prefix + key, now(), version, value),
    extend: (key, expiresAt) =>
      runScript(connection, extendScript, prefix + key, [now(), expiresAt, lifetime(expiresAt)]),
    destroy: (key) => write(destroyScript, prefix + key, now()),
    async ping() {
      await connection.use((link) => link.checkAny());
    },
    async close() {
      await connection.close();
      if (writing !== connection) await writing.close();
    },
  };
}

type Argument = string | number | Buffer;

const textOrBuffer = (argument: Argument) => (typeof argument === 'number' ? String(argument) : argument);

const evaluated = (
  command: 'EVAL' | 'EVALSHA',
  what: string,
  key: string,
  args: Argument[],
): RedisCommand => [command, what, '1', key, ...args.map(textOrBuffer)];

function runScript(
  connection: RedisConnection,
  script: RedisScript,
  key: string,
  args: Argument[],
): Promise<boolean> {
  return connection.use(async (link) => {
    try {
      return (await link.send(key, evaluated('EVALSHA', script.sha, key, args))) === 1;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await link.send(key, evaluated('EVAL', script.text, key, args))) === 1;
    }
  });
}

async function runAndWait(options: {
  connection: RedisConnection;
  script: RedisScript;
  key: string;
  args: Argument[];
  waitReplicas: number;
}): Promise<boolean> {
  const { connection, script, key, args, waitReplicas } = options;
  const change = evaluated('EVAL', script.text, key, args);
  return (await connection.use((link) => confirmed(link, key, change, waitReplicas))) === 1;
}

function recordOf(reply: RedisReply): StoredRecord | undefined {
  const [value, version, expiresAt] = Array.isArray(reply) ? reply : [];
  if (!Buffer.isBuffer(value)) return undefined;
  return { value, version: Number(String(version)), expiresAt: Number(String(expiresAt)) };
}
