import { createHash } from 'node:crypto';

/** The `code_challenge` of a `code_verifier` (RFC 7636, section 4.2, method S256). */
export const s256 = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
