import { createRequire } from 'node:module';

/**
 * Whether browsers take two URLs for one site, and so send a SameSite=Lax cookie with calls between them: one scheme
 * and one registrable domain, whatever the port (HTML, section 7.1.1, "schemelessly same site"; "same site").
 * Addresses and `localhost` have no such domain, and are a site each.
 */
export function isSameSite(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)];
  return a.protocol === b.protocol && (a.hostname === b.hostname || isSameDomain(a.hostname, b.hostname));
}

function isSameDomain(one: string, other: string): boolean {
  // The list of public suffixes takes longer to load than the rest of the configuration.
  const { getDomain }: typeof import('tldts') = createRequire(import.meta.url)('tldts');
  const [a, b] = [one, other].map((host) => getDomain(host, { allowPrivateDomains: true }));
  return a !== null && a === b;
}
