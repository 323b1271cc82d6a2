import { createHash } from 'node:crypto';
import type { Person } from '../people.ts';

/**
 * Which scope brings which claim into the ID token.
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference
 */
export const CLAIMS_BY_SCOPE = {
  openid: ['sub', 'tid', 'ver'],
  profile: ['name', 'oid', 'preferred_username'],
  email: ['email'],
};

/** A person's `sub`: another one for each app, and the same at every start. */
export function pairwiseSubject(personId: string, clientId: string): string {
  return digest(`sub ${personId} ${clientId}`).toString('base64url');
}

/**
 * A person's claims as in Entra's v2.0 ID tokens, but for `sub`: `oid` names the person in the tenant and is the
 * same at every start. No name: no claim, rather than an empty one.
 */
export function idTokenClaims(person: Person): Record<string, string> {
  return {
    tid: person.tenantId,
    oid: guidFrom(`oid ${person.id}`),
    ver: '2.0',
    ...(person.name === undefined ? {} : { name: person.name }),
    preferred_username: person.email,
    email: person.email,
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function guidFrom(text: string): string {
  const hex = digest(text).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
