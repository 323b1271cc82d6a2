import { unsign } from 'cookie-signature';
import { createRecentlyUsed } from '../recently-used.ts';
import { cookieValues } from './cookies.ts';

/** Whose session a Cookie header names; no `sid` in one without a cookie of ours. */
export type CookieOwner = { sid?: string };

/** How many headers are remembered, and for how long after they were last seen, in milliseconds. */
const kept = { most: 10_000, forMillis: 60_000 };

/** The longest header that is, in characters. */
const longestKept = 2_000;

/**
 * Reads the id out of a session cookie as express-session signs it. Undefined for whatever is not plainly one cookie
 * with a good signature: express-session decides about that.
 *
 * A header whose signature was good once is good again, character for character, so that it is not computed anew.
 */
export function createSessionCookieReader(options: {
  name: string;
  secrets: readonly string[];
}): (header: string | undefined) => CookieOwner | undefined {
  const { name, secrets } = options;
  const known = createRecentlyUsed<CookieOwner>(kept);

  function read(header: string): CookieOwner | undefined {
    const at = header.indexOf(name);
    if (at === -1) return {};
    if (at !== header.lastIndexOf(name)) return undefined;
    const [value] = cookieValues(header, name);
    const signed = value === undefined ? undefined : decoded(value);
    if (signed === undefined || !signed.startsWith('s:')) return undefined;
    for (const secret of secrets) {
      const sid = unsign(signed.slice(2), secret);
      if (sid !== false) return { sid };
    }
    return undefined;
  }

  return (header) => {
    if (header === undefined) return {};
    const before = known.get(header);
    if (before) return before;
    const owner = read(header);
    if (owner && header.length <= longestKept) known.set(header, owner);
    return owner;
  };
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
