import { createHash } from 'node:crypto';
import type { GooglePerson } from '../people.ts';

/** Which scope brings which claim into the ID token. */
export const CLAIMS_BY_SCOPE = {
  openid: ['sub'],
  email: ['email', 'email_verified'],
  profile: ['name', 'given_name', 'family_name'],
};

/** A person's `sub`: 21 digits, as Google's are, and the same at every start. */
export function subjectOf(personId: string): string {
  const digest = createHash('sha256').update(`google sub ${personId}`).digest('hex');
  return `1${String(BigInt(`0x${digest}`) % 10n ** 20n).padStart(20, '0')}`;
}

/**
 * A person's claims as in Google's ID tokens, but for `sub`. No name or e-mail: no claim, rather than an empty one.
 *
 * @see https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload
 */
export function idTokenClaims({ name, email }: GooglePerson): Record<string, string | boolean> {
  return {
    ...(email === undefined ? {} : { email, email_verified: true }),
    ...(name === undefined ? {} : nameClaims(name)),
  };
}

function nameClaims(name: string): Record<string, string> {
  const [given_name = name, ...rest] = name.split(' ');
  return { name, given_name, ...(rest.length === 0 ? {} : { family_name: rest.join(' ') }) };
}
