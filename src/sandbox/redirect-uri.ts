const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The redirect URIs of the sandbox's app registration: any path on any port of this machine, since the gateway
 * may listen anywhere. Never another machine, so that the sign-in page is no open redirect.
 */
export function isLoopbackRedirectUri(uri: string): boolean {
  const url = URL.parse(uri);
  if (url === null || !LOOPBACK_HOSTS.has(url.hostname)) return false;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  return url.hash === '' && url.username === '' && url.password === '';
}
