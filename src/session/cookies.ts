/** The names and attributes of the gateway's cookies. */
export type CookiePolicy = {
  sessionName: string;
  signInName: string;
  attributes: { httpOnly: true; sameSite: 'lax'; path: '/'; secure: boolean };
};

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

/** The values that a Cookie header gives to `name`, in its order: a browser may hold several of one name. */
export function cookieValues(header: string | undefined, name: string): string[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
