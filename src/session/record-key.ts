import { hash } from 'node:crypto';

/** The kinds of record that share a store. */
export type RecordKind = 'session' | 'sign-in' | 'lease' | 'limit';

/** The key under which a record is kept: a hash, so that reading the store yields no id that a cookie could carry. */
export function recordKey(kind: RecordKind, id: string): string {
  return `${kind}:${hash('sha256', id, 'base64url')}`;
}
