import { GatewayError } from '../errors.ts';

/** Letters that no path needs and that browsers drop, or read as a slash, before they look at the host. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const forbidden = /[\u0000-\u0020\u007f-\u009f\\]|[^\u0000-\uffff]/u;

/**
 * Where the browser goes after sign-in: `returnTo`, a path on the front end, or `fallback`.
 *
 * The attack is an open redirect (CWE-601): a link to the real sign-in that ends on a foreign page, phishing with
 * our good name. So the text must be a plain absolute path, and the URL that a browser makes of it must still be
 * under the front end's.
 *
 * @throws GatewayError BAD_REQUEST for anything else
 */
export function landingUrl(returnTo: unknown, frontendUrl: string, fallback: string): string {
  const path = returnTo === undefined ? fallback : returnTo;
  const base = frontendUrl.replace(/\/$/, '');
  if (typeof path !== 'string' || !/^\/(?!\/)/.test(path) || forbidden.test(path) || path.length > 2000)
    throw refused();
  if (!URL.canParse(base + path)) throw refused();
  const landing = new URL(base + path);
  const home = new URL(base);
  const inside = landing.pathname.startsWith(home.pathname === '/' ? '/' : `${home.pathname}/`);
  if (landing.origin !== home.origin || landing.username || landing.password || !inside) throw refused();
  return landing.href;
}

const refused = () =>
  new GatewayError('BAD_REQUEST', 'returnTo must be a path on the front end, such as /dashboard');
