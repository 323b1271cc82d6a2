import { randomBytes } from 'node:crypto';
import type { Provider } from 'oidc-provider';

/** How every refresh token of Google begins; the slashes have to survive an app's storing and sending. */
export const REFRESH_TOKEN_PREFIX = '1//';

/**
 * Makes codes and tokens that look like Google's, in length too: 256, 512 and 2048 bytes are what Google says to keep
 * room for, and what it sends is well below. The library's `formats` setting knows only the number of random bits,
 * so its models are changed themselves.
 *
 * @see https://developers.google.com/identity/protocols/oauth2#size
 */
export function useGoogleTokenFormat({ AuthorizationCode, AccessToken, RefreshToken }: Provider): void {
  Object.assign(AuthorizationCode.prototype, { generateTokenId: () => `4/0A${random(51)}` });
  // The format is otherwise settled along with the id, as it may depend on the API that a token is for.
  Object.assign(AccessToken.prototype, {
    format: 'opaque',
    generateTokenId: () => `ya29.a0${random(159)}`,
  });
  Object.assign(RefreshToken.prototype, { generateTokenId: () => `${REFRESH_TOKEN_PREFIX}0${random(72)}` });
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
