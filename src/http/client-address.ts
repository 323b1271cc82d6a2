import { isIP, isIPv6 } from 'node:net';

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
