import type { RedisLocation } from '../config-store.ts';
import type { Log } from '../log.ts';
import { prefix } from './redis-client-options.ts';
import { openRedisConnection, type RedisConnection } from './redis-connection.ts';
import { openRedisLink, type RedisCommand, type RedisReply } from './redis-link.ts';
import {
  compareAndSetScript,
  countScript,
  createScript,
  destroyScript,
  extendScript,
  type RedisScript,
} from './redis-scripts.ts';
import { isLostPrimary, openWaitingChanges } from './redis-waiting.ts';
import type { Count, SessionStore, StoredRecord } from './session-store.ts';

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
  const changes = waitReplicas === 0 ? undefined : await openWaitingChanges(location, waitReplicas, log);

  /** A script that changes what must not be lost. True for 1. */
  const write = (script: RedisScript, key: string, ...args: Argument[]): Promise<boolean> =>
    changes
      ? changes.make(key, evaluated('EVAL', script.text, key, args)).then(isDone)
      : runScript(connection, script, key, args).then(isDone);

  const lifetime = (expiresAt: number) => Math.max(1, Math.ceil(expiresAt - now()));

  return {
    async get(key, held) {
      const fields: RedisCommand = ['HMGET', prefix + key, 'value', 'version', 'expiresAt'];
      const stored = recordOf(await connection.use((link) => link.send(prefix + key, fields)));
      if (!stored || stored.expiresAt <= now()) return undefined;
      if (!held?.value.equals(stored.value)) return stored;
      const isSame = held.version === stored.version && held.expiresAt === stored.expiresAt;
      return isSame ? held : { ...stored, value: held.value };
    },
    create: (key, value, expiresAt, owner = '') =>
      write(createScript, prefix + key, now(), value, expiresAt, lifetime(expiresAt), owner),
    compareAndSet: (key, version, value) => write(compareAndSetScript, prefix + key, now(), version, value),
    extend: (key, expiresAt) =>
      runScript(connection, extendScript, prefix + key, [now(), expiresAt, lifetime(expiresAt)]).then(isDone),
    destroy: (key) => write(destroyScript, prefix + key, now()),
    count: (key, windowMillis) =>
      runScript(connection, countScript, prefix + key, [windowMillis]).then(countOf),
    async ping() {
      await connection.use((link) => link.checkAny());
    },
    async close() {
      await Promise.all([connection.close(), changes?.close()]);
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
): Promise<RedisReply> {
  return connection.use(async (link) => {
    try {
      return await link.send(key, evaluated('EVALSHA', script.sha, key, args));
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return link.send(key, evaluated('EVAL', script.text, key, args));
    }
  });
}

/** @throws Error for an answer that is none: it must not be taken for "not there" */
function recordOf(reply: RedisReply): StoredRecord | undefined {
  const [value, ...numbers] = Array.isArray(reply) ? reply : [];
  if (Array.isArray(reply) && reply.length === 3 && value === null) return undefined;
  const [version = Number.NaN, expiresAt = Number.NaN] = numbers.map((number) =>
    Buffer.isBuffer(number) && number.length > 0 ? Number(number) : Number.NaN,
  );
  if (!Buffer.isBuffer(value) || !Number.isSafeInteger(version) || !Number.isFinite(expiresAt))
    throw new Error('Redis answered something that is no record');
  return { value, version, expiresAt };
}

/** @throws Error for an answer that is none of a script's */
function isDone(reply: RedisReply): boolean {
  if (reply !== 1 && reply !== 0) throw new Error('Redis answered a script with something else');
  return reply === 1;
}

/** @throws Error for an answer that is none of the counting script's */
function countOf(reply: RedisReply): Count {
  const [count = Number.NaN, endsInMillis = Number.NaN] = Array.isArray(reply) ? reply.map(Number) : [];
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(endsInMillis))
    throw new Error('Redis answered a count with something else');
  return { count, endsInMillis };
}
