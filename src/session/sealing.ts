import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Log } from '../log.ts';
import type { RecordKind } from './record-key.ts';

/** A sealed record: format, key id, nonce, ciphertext, tag. Lengths in bytes. */
const format = Buffer.of(1);
const keyIdLength = 8;
const headerLength = format.length + keyIdLength;
const nonceLength = 12;
const tagLength = 16;

/** Encrypts what goes into the store. `id` is the secret that names a record: a session id, a state. */
export type Sealing = {
  seal(kind: RecordKind, id: string, content: unknown): Buffer;
  /**
   * What was sealed. Undefined for a record that no secret opens, or that `isContent` does not know: it is as good
   * as gone, and the log says so, without saying whose it is.
   */
  open<T>(
    kind: RecordKind,
    id: string,
    sealed: Buffer,
    isContent: (content: unknown) => content is T,
  ): T | undefined;
  /**
   * A name for the person behind a session that says nothing about them, so that their records can be found without
   * opening one. Undefined for somebody whom no identity provider vouches for.
   */
  ownerOf(user: Readonly<Record<string, unknown>> | undefined): string | undefined;
};

/** How records begin that one configured secret has sealed, and its keys, each for one use (HKDF, RFC 5869). */
type Secret = { header: Buffer; records: Buffer; owners: Buffer };

/**
 * AES-256-GCM under a key of each record's own, derived from the secret and the record's id: whoever has the file or
 * the dump lacks the secret, and whoever has the secret too still lacks the ids, which only cookies carry.
 *
 * The first secret seals. Any of them opens: the record says which by its key id.
 */
export function createSealing(options: { secrets: readonly string[]; log: Log }): Sealing {
  const { log } = options;
  const secrets = options.secrets.map(keysOf);
  const [first] = secrets;
  if (!first) throw new Error('SESSION_SECRET is missing');

  function opened(kind: RecordKind, id: string, sealed: Buffer): unknown {
    const header = sealed.subarray(0, headerLength);
    const secret = secrets.find((candidate) => candidate.header.equals(header));
    if (!secret) return undefined;
    const nonce = sealed.subarray(headerLength, headerLength + nonceLength);
    const decipher = createDecipheriv('aes-256-gcm', recordKeyOf(secret, kind, id), nonce, {
      authTagLength: tagLength,
    });
    decipher.setAAD(header);
    decipher.setAuthTag(sealed.subarray(-tagLength));
    const ciphertext = sealed.subarray(headerLength + nonceLength, -tagLength);
    return JSON.parse(Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString());
  }

  return {
    seal(kind, id, content) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', recordKeyOf(first, kind, id), nonce);
      cipher.setAAD(first.header);
      const ciphertext = [cipher.update(JSON.stringify(content)), cipher.final()];
      return Buffer.concat([first.header, nonce, ...ciphertext, cipher.getAuthTag()]);
    },

    open(kind, id, sealed, isContent) {
      try {
        const content = opened(kind, id, sealed);
        if (isContent(content)) return content;
      } catch {
        // cut, tampered with, or another record's
      }
      log.warn({ kind }, 'A record does not open: its secret is not in SESSION_SECRET, or it is damaged');
      return undefined;
    },

    ownerOf(user) {
      if (typeof user?.iss !== 'string' || typeof user.sub !== 'string') return undefined;
      return createHmac('sha256', first.owners)
        .update(JSON.stringify([user.iss, user.sub]))
        .digest('base64url');
    },
  };
}

function keysOf(secret: string): Secret {
  const derived = (use: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `multi-cloud session gateway: ${use}`, length));
  return {
    header: Buffer.concat([format, derived('key id', keyIdLength)]),
    records: derived('records', 32),
    owners: derived('owners', 32),
  };
}

/** HMAC as the one-block form of HKDF's expansion (RFC 5869, section 2.3), which is all that 32 bytes take. */
const recordKeyOf = (secret: Secret, kind: RecordKind, id: string): Buffer =>
  createHmac('sha256', secret.records).update(`${kind}:${id}\x01`).digest();
