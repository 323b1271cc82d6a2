import { isLoopbackName } from '../loopback.ts';

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
  const asked = `http://${hostHeader ?? ''}`;
  const { hostname, host } = new URL(URL.canParse(asked) ? asked : 'http://localhost');
  const isOurs = isLoopbackName(hostname) && host === new URL(`http://${hostname}:${port}`).host;
  return `http://${isOurs ? host : `localhost:${port}`}`;
}
