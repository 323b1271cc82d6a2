import type { RedisLocation } from '../config-store.ts';
import { addressOf, probe } from '../session/redis-client-options.ts';
import { openRedisLink, type RedisLink } from '../session/redis-link.ts';
import type { Problem, Verdict } from './check.ts';
import { causesOf } from './failures.ts';

/** The oldest Redis that has what the store asks of it. */
const leastVersion = [6, 2] as const;

/** How often a Redis that says nothing is asked: the store's own deadlines are short, and this machine may be busy. */
const mostAttempts = 3;

type Look = {
  location: RedisLocation;
  waitReplicas: number;
  signal: AbortSignal;
  tryStore: () => Promise<Problem | undefined>;
};

/** Whether Redis is there, lets us in, is a primary, and keeps what it is given. Its URL, which may have a password, is not shown. */
export async function redisVerdict(look: Look): Promise<Verdict> {
  const where = addressesOf(look.location);
  for (let attempt = 1; ; attempt++) {
    try {
      return await lookAt(look, where);
    } catch (error) {
      const known = knownProblem(error, where);
      if (!known && attempt < mostAttempts && !look.signal.aborted) continue;
      return { looked: `Redis at ${where}`, faults: [known ?? cut(look.location, where)] };
    }
  }
}

async function lookAt({ location, waitReplicas, signal, tryStore }: Look, where: string): Promise<Verdict> {
  const link = await openRedisLink(location, signal);
  try {
    await link.check();
    const info = await infoOf(link);
    const few = tooFewReplicas(info, waitReplicas);
    // Writes would wait for replicas that are not there.
    const problem = few ?? (await tryStore());
    const looked = `Redis ${info.get('redis_version') ?? ''} at ${where}`.replace('  ', ' ');
    return {
      looked,
      faults: [...(problem ? [problem] : []), ...oldVersion(info)],
      warnings: evictions(info),
    };
  } finally {
    link.destroy();
  }
}

const addressesOf = (location: RedisLocation): string =>
  location.kind === 'redis' ? new URL(location.url).host : location.nodes.map(addressOf).join(', ');

/** `INFO`, as far as the user may ask: each line is `name:value`. */
async function infoOf(link: RedisLink): Promise<Map<string, string>> {
  const reply = await link.send(probe, ['INFO']).catch(() => '');
  return new Map(
    [...String(reply).matchAll(/^([a-z_\d]+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

function tooFewReplicas(info: Map<string, string>, waitReplicas: number): Problem | undefined {
  const connected = info.get('connected_slaves');
  if (connected === undefined || Number(connected) >= waitReplicas) return undefined;
  return {
    problem: `REDIS_WAIT_REPLICAS=${waitReplicas}, and the primary has ${connected} replicas: no session could be written`,
    mend: `connect the replicas (redis-cli INFO replication), or set REDIS_WAIT_REPLICAS=${connected}`,
  };
}

function oldVersion(info: Map<string, string>): Problem[] {
  const version = info.get('redis_version');
  const [major = 0, minor = 0] = (version ?? leastVersion.join('.')).split('.').map(Number);
  const isOld = major < leastVersion[0] || (major === leastVersion[0] && minor < leastVersion[1]);
  return isOld
    ? [{ problem: `Redis ${version} is too old`, mend: `use ${leastVersion.join('.')} or later` }]
    : [];
}

function evictions(info: Map<string, string>): Problem[] {
  const policy = info.get('maxmemory_policy');
  if (policy === undefined || policy === 'noeviction') return [];
  return [
    {
      problem: `Redis throws records away when its memory is full (maxmemory-policy ${policy}): people would be signed out`,
      mend: 'redis-cli CONFIG SET maxmemory-policy noeviction, and the same in redis.conf',
    },
  ];
}

function knownProblem(error: unknown, where: string): Problem | undefined {
  const said = causesOf(error)
    .map(({ message }) => message)
    .join('\n');
  return problems.find(([pattern]) => pattern.test(said))?.[1](where);
}

const access =
  'check user and password in SESSION_STORE: redis://user:password@host:port, special characters percent-encoded';

/** By what the errors say: the client has no codes for most of them. */
const problems: [RegExp, (where: string) => Problem][] = [
  [
    /ECONNREFUSED/,
    (where) => ({
      problem: `nobody listens on ${where} (connection refused)`,
      mend: 'start Redis there, or check host and port in SESSION_STORE',
    }),
  ],
  [
    /ENOTFOUND|EAI_AGAIN/,
    (where) => ({
      problem: `the name in ${where} has no address (DNS)`,
      mend: 'check the host in SESSION_STORE, and the DNS of this machine',
    }),
  ],
  [
    /WRONGPASS|invalid username-password/,
    (where) => ({ problem: `${where} refuses user and password`, mend: access }),
  ],
  [/NOAUTH/, (where) => ({ problem: `${where} wants a password`, mend: access })],
  [
    /AUTH.*without any password|no password is set/i,
    (where) => ({
      problem: `${where} has no password, and SESSION_STORE names one`,
      mend: 'take it out of SESSION_STORE, or set one in Redis (requirepass)',
    }),
  ],
  [
    /NOPERM/,
    (where) => ({
      problem: `the user may not do what sessions need at ${where}`,
      mend: 'redis-cli ACL SETUSER <user> on ~mcm:* +@read +@write +@scripting +@connection +role +info +wait',
    }),
  ],
  [
    /READONLY/,
    (where) => ({
      problem: `${where} is a replica, which takes no writes`,
      mend: 'name the primary in SESSION_STORE, or its sentinels: redis-sentinel://host:port,host:port/name',
    }),
  ],
  [
    /belongs to a Cluster/,
    (where) => ({
      problem: `${where} belongs to a Cluster`,
      mend: 'use redis-cluster://host:port,host:port in SESSION_STORE',
    }),
  ],
  [
    /knows no primary/,
    (where) => ({
      problem: `the sentinels at ${where} know no primary of that name`,
      mend: 'check the name at the end of SESSION_STORE (redis-cli -p 26379 SENTINEL MASTERS)',
    }),
  ],
  [
    /self-signed|unable to (verify|get)|certificate/i,
    (where) => ({
      problem: `the certificate of ${where} is not trusted, or for another name`,
      mend: 'set NODE_EXTRA_CA_CERTS to a file with the certificate (PEM) of the authority that signed it, outside .env, which Node reads too late for it',
    }),
  ],
  [
    /wrong version number|packet length|EPROTO/,
    (where) => ({
      problem: `${where} does not speak TLS`,
      mend: 'use redis:// in SESSION_STORE, or turn TLS on there',
    }),
  ],
  [/OOM/, (where) => ({ problem: `the memory of ${where} is full`, mend: 'raise maxmemory there' })],
  [
    /NOREPLICAS/,
    (where) => ({
      problem: `the replicas of ${where} do not confirm writes`,
      mend: 'check them (redis-cli INFO replication), or REDIS_WAIT_REPLICAS',
    }),
  ],
];

function cut(location: RedisLocation, where: string): Problem {
  const tls = location.kind === 'redis' ? location.url.startsWith('rediss:') : location.tls;
  return {
    problem: `${where} does not answer, or broke the connection off`,
    mend: tls
      ? 'check host and port in SESSION_STORE, that TLS is on there, and firewalls between'
      : 'check host and port in SESSION_STORE (rediss:// where Redis wants TLS), and firewalls between',
  };
}
