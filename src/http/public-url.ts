/** A loopback name with the port that the gateway listens on. */
const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(?::(\d+))?$/;

/**
 * The URL under which a browser reaches the gateway: `APP_BASE_URL`, always, when it is set. Without it the
 * gateway serves this machine alone, and answers under the loopback name that the browser used: cookies of
 * 127.0.0.1 and of localhost are strangers, so a sign-in has to come back to the name it started from.
 */
export function publicUrlOf(
  appBaseUrl: string | undefined,
  port: number,
  hostHeader: string | undefined,
): string {
  if (appBaseUrl !== undefined) return appBaseUrl;
  const [, name, hostPort] = loopbackHost.exec(hostHeader ?? '') ?? [];
  const isOurs = name !== undefined && Number(hostPort ?? 80) === port;
  return `http://${isOurs ? name : 'localhost'}:${port}`;
}
