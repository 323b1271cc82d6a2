/**
 * The paths of Google's endpoints. At Google they are spread over accounts.google.com, oauth2.googleapis.com and
 * www.googleapis.com; here all but `authorize` are on the issuer's origin.
 *
 * @see https://accounts.google.com/.well-known/openid-configuration
 */
export const GOOGLE_PATHS = {
  discovery: '/.well-known/openid-configuration',
  keys: '/oauth2/v3/certs',
  token: '/token',
  authorize: '/o/oauth2/v2/auth',
  /** The sandbox's own: the identity provider, after a person is chosen. */
  continue: '/o/oauth2/v2/continue',
  /** The sandbox's own: where the identity provider learns who was chosen. */
  finish: '/o/oauth2/v2/finish',
} as const;
