import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import proxyAddr from 'proxy-addr';
import { createRecentlyUsed } from '../recently-used.ts';

/** How many addresses are remembered, and for how long after their last request, in milliseconds. */
const kept = { most: 10_000, forMillis: 60_000 };

/** The longest `X-Forwarded-For` that is, in characters. */
const longestKept = 200;

/** Of an `X-Forwarded-For` that has an address, or what is meant to be one. */
const namesAny = /[^ ,]/;

/** Who is at the other end of a connection. */
type Peer = { client: string; isProxy: boolean };

/**
 * Names the client behind a request, by the address that the proxies tell which are trusted; Express's `req.ip` is the
 * same. That is worked out once for each address, and once for each `X-Forwarded-For`, whichever proxy sends it.
 */
export function createClientOf(trustedProxies: string[] | undefined): (req: IncomingMessage) => string {
  const trusts = proxyAddr.compile(trustedProxies ?? []);
  const peers = createRecentlyUsed<Peer>(kept);
  const behindProxies = createRecentlyUsed<string>(kept);

  function peerOf(address: string): Peer {
    const before = peers.get(address);
    if (before) return before;
    const peer = { client: clientOf(address), isProxy: trusts(address, 0) };
    peers.set(address, peer);
    return peer;
  }

  return (req) => {
    const { client, isProxy } = peerOf(req.socket.remoteAddress ?? '');
    const forwarded = isProxy ? String(req.headers['x-forwarded-for'] ?? '') : '';
    if (!namesAny.test(forwarded)) return client;
    const before = behindProxies.get(forwarded);
    if (before !== undefined) return before;
    const found = clientOf(proxyAddr(req, trusts));
    if (forwarded.length <= longestKept) behindProxies.set(forwarded, found);
    return found;
  };
}

/**
 * Names the client behind an address: of IPv6 the /56 that a provider gives to one customer (RIPE-690, section 4.2),
 * as that customer has as many addresses as they like. Whatever is no address, as a proxy may have been sent it, is
 * one client together.
 */
export function clientOf(address = ''): string {
  const bare = isIP(address) ? address : address.replace(withPort, '$1');
  const ipv4 = bare.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (isIPv6(ipv4)) return subnetOf(ipv4);
  return isIP(ipv4) ? ipv4 : 'unknown';
}

/** Some proxies name the port too, which is another one for each connection. */
const withPort = /^\[?([^\]]+)\]?:\d+$/;

function subnetOf(address: string): string {
  const [before = [], after = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const [a, b, c, d = 0] = [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
  return `${[a, b, c, d & 0xff00].map((group) => group?.toString(16)).join(':')}::/56`;
}
