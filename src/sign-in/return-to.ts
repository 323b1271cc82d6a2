import { GatewayError } from '../errors.ts';

/** Letters that no path needs and that browsers drop, or read as a slash, before they look at the host. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const forbidden = /[\u0000-\u0020\u007f-\u009f\\]|[^\u0000-\uffff]/u;

/** What browsers and careless decoders drop from a URL. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const dropped = /[\u0000-\u0020\u007f-\u009f]/g;

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
  if (typeof path !== 'string' || path.length > longestLanding) throw refused();
  if (!/^\/(?!\/)/.test(path) || forbidden.test(path)) throw refused();
  if (!URL.canParse(base + path)) throw refused();
  const landing = new URL(base + path);
  const home = new URL(base);
  const inside = landing.pathname.startsWith(home.pathname === '/' ? '/' : `${home.pathname}/`);
  if (landing.origin !== home.origin || !inside || isDevious(landing.pathname)) throw refused();
  if (landing.href.length > longestLanding) throw refused();
  return landing.href;
}

const mostEscapes = 4;

/** Longer URLs do not fit into every proxy's headers; characters. */
const longestLanding = 2000;

/**
 * A path that is another one to whoever reads it less strictly: `//host` to a page that redirects to its own path,
 * and dots behind a semicolon or an escape, or behind an escape of an escape, to whoever decodes it, once or more.
 * Nobody who means well escapes more often than `mostEscapes`.
 */
function isDevious(pathname: string, rounds = 0): boolean {
  const path = pathname.replace(dropped, '').replaceAll('\\', '/');
  const dots = path.split('/').some((segment) => /^\.\.?(;|$)/.test(segment));
  if (path.startsWith('//') || dots || rounds > mostEscapes) return true;
  try {
    const decoded = decodeURIComponent(path);
    return decoded !== path && isDevious(decoded, rounds + 1);
  } catch {
    return true;
  }
}

const refused = () =>
  new GatewayError('BAD_REQUEST', 'returnTo must be a path on the front end, such as /dashboard');
