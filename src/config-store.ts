import { commaSeparated, type Parser } from './config-values.ts';
import { isLoopbackName } from './loopback.ts';

/** One server of a group. */
export type StoreNode = { host: string; port: number };

/** What all connections to a group of Redis servers share. The credentials are those of its data nodes. */
type RedisGroup = {
  nodes: StoreNode[];
  tls: boolean;
  username: string | undefined;
  password: string | undefined;
};

/** Where sessions are kept in Redis. `name` is the one by which the sentinels know the primary. */
export type RedisLocation =
  | { kind: 'redis'; url: string }
  | ({ kind: 'redis-sentinel'; name: string } & RedisGroup)
  | ({ kind: 'redis-cluster' } & RedisGroup);

/** Where sessions are kept. */
export type StoreLocation = { kind: 'lmdb'; path: string } | RedisLocation;

/** Whether what goes to the store can be read, and changed, on the way: plain Redis beyond this machine. */
export function isStoreExposed(location: StoreLocation): boolean {
  if (location.kind === 'lmdb') return false;
  if (location.kind !== 'redis') return !location.tls && !location.nodes.every(({ host }) => isOwn(host));
  const { protocol, hostname } = new URL(location.url);
  return protocol === 'redis:' && !isOwn(hostname);
}

const isOwn = (host: string): boolean => isLoopbackName(host) || host === '::1';

const forms =
  'lmdb:<folder>, redis://host:port, rediss://host:port, redis-sentinel://host:port,host:port/name or redis-cluster://host:port,host:port';

/** The text is never repeated in an error: it may carry a password. */
export const storeLocation: Parser<StoreLocation> = (value) => {
  const [, scheme = '', rest = ''] = /^([a-z-]+):(.+)$/s.exec(value) ?? [];
  if (scheme === 'lmdb') return { kind: 'lmdb', path: rest };
  if (scheme === 'redis' || scheme === 'rediss') return { kind: 'redis', url: singleUrl(value) };
  const [, tls, kind] = /^redis(s?)-(sentinel|cluster)$/.exec(scheme) ?? [];
  if (kind === undefined) throw new Error(`must be ${forms}`);
  const { name, ...group } = groupOf(rest, tls === 's');
  if (kind === 'cluster') {
    if (name) throw new Error('must have no name or database after the nodes of a redis-cluster:// URL');
    return { kind: 'redis-cluster', ...group };
  }
  if (!name) throw new Error('must end with the name of the primary: redis-sentinel://host:port/name');
  return { kind: 'redis-sentinel', name, ...group };
};

function singleUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url?.hostname || url.hostname.includes(',') || url.port === '0' || !/^\/?\d{0,5}$/.test(url.pathname))
    throw new Error('must be a URL such as redis://user:password@host:6379/0; other characters are escaped');
  if (url.search || url.hash) throw new Error('must be a URL without a query');
  if (url.username && !url.password) throw new Error('must have a password when it has a user');
  decoded(url.username + url.password);
  return url.href;
}

/** `//user:password@host:port,host:port/name`, which is no URL of the WHATWG's. */
function groupOf(text: string, tls: boolean): RedisGroup & { name: string } {
  const [, username, password, nodes = '', name = ''] =
    /^\/\/(?:([^:@/]*):([^@/]*)@)?([^@/]+)(?:\/([^/]*))?$/.exec(text) ?? [];
  const list = commaSeparated(nodes).map(nodeOf);
  if (list.length === 0) throw new Error(`must be ${forms}`);
  return { nodes: list, tls, username: decoded(username), password: decoded(password), name };
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part ? decodeURIComponent(part) : undefined;
  } catch {
    throw new Error('must have a user and a password whose special characters are percent-encoded');
  }
}

function nodeOf(text: string): StoreNode {
  const [, host, port] = /^(\[[\da-f:]+\]|[^:[\]]+):(\d+)$/i.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65535)
    throw new Error('must name each node as host:port');
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
