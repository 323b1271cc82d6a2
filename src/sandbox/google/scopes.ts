/** The scope of Google Cloud's APIs, by which an app acts for a person there. */
export const CLOUD_PLATFORM_SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * OpenID Connect's word for what Google asks by `access_type=offline`. It stays between the sandbox and the protocol
 * library: as a scope of an app Google refuses it.
 */
export const OFFLINE_SCOPE = 'offline_access';

/** What an app may ask for here. */
export const ASKABLE_SCOPES: readonly string[] = ['openid', 'email', 'profile', CLOUD_PLATFORM_SCOPE];

const LONG_NAMES = new Map([
  ['email', 'https://www.googleapis.com/auth/userinfo.email'],
  ['profile', 'https://www.googleapis.com/auth/userinfo.profile'],
]);

/**
 * Granted scopes as Google names them in its answers: `email` and `profile` by their long names, so that an app that
 * compares the words it asked with fails here as there.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/scopes#oauth2
 */
export function asGoogleScope(scope: string): string {
  return scope
    .split(' ')
    .filter((name) => name !== OFFLINE_SCOPE)
    .map((name) => LONG_NAMES.get(name) ?? name)
    .join(' ');
}
