import type { CookieOptions } from 'express';

/** The names and attributes of the gateway's cookies. */
export type CookiePolicy = { sessionName: string; signInName: string; attributes: CookieOptions };

/**
 * HttpOnly, SameSite=Lax, Path=/, no Domain. Under https also Secure and the `__Host-` prefix, which makes
 * browsers refuse the cookie from a sibling domain or over plain http (RFC 6265bis, section 4.1.3.2).
 * No lifetime: the server holds the limits, and a closed browser forgets the cookie.
 */
export function cookiePolicy(secure: boolean): CookiePolicy {
  const prefix = secure ? '__Host-' : '';
  return {
    sessionName: `${prefix}mcm_session`,
    signInName: `${prefix}mcm_sign_in`,
    attributes: { httpOnly: true, sameSite: 'lax', path: '/', secure },
  };
}
