import type { GooglePerson } from '../people.ts';
import { words } from './authorize-request.ts';

/** Takes a person's consent to a request; true when it brings the app a refresh token. */
export type TakeConsent = (person: GooglePerson, parameters: URLSearchParams) => boolean;

/**
 * Google's rule for refresh tokens: one for `access_type=offline`, and only when the consent screen was shown. That
 * is the first time a person meets the app, and again whenever the app asks for `prompt=consent`.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#offline
 */
export function createConsents(): TakeConsent {
  const consented = new Set<string>();

  return (person, parameters) => {
    const isShown = !consented.has(person.id) || words(parameters, 'prompt').includes('consent');
    consented.add(person.id);
    return isShown && parameters.get('access_type') === 'offline' && person.deniesOffline !== true;
  };
}
