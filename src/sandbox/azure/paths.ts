/**
 * The paths of Entra's v2.0 endpoints under an authority, which is a tenant's id or `organizations`.
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols
 */
export const ENTRA_PATHS = {
  issuer: '/v2.0',
  discovery: '/v2.0/.well-known/openid-configuration',
  keys: '/discovery/v2.0/keys',
  token: '/oauth2/v2.0/token',
  authorize: '/oauth2/v2.0/authorize',
  /** The sandbox's own: the tenant's identity provider, after a person is chosen. */
  continue: '/oauth2/v2.0/continue',
  /** The sandbox's own: where the identity provider learns who was chosen. */
  finish: '/oauth2/v2.0/finish',
} as const;

/** Splits `/<authority>/<rest>`; `rest` keeps its slash. */
export function splitAuthority(pathname: string): { authority: string; rest: string } {
  const end = pathname.indexOf('/', 1);
  if (end === -1) return { authority: pathname.slice(1), rest: '' };
  return { authority: pathname.slice(1, end), rest: pathname.slice(end) };
}
