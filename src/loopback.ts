/** Whether a host name (as in `URL.hostname`) is this machine's own. */
export const isLoopbackName = (name: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(name);

/** Whether nobody listens on the way to a URL: https, or plain http on this machine. */
export function isSecureUrl(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? {};
  return (
    protocol === 'https:' || (protocol === 'http:' && hostname !== undefined && isLoopbackName(hostname))
  );
}
