import { randomBytes } from 'node:crypto';

/** Who a request comes from, as GetCallerIdentity tells it. */
export type Principal = { account: string; arn: string; userId: string };

/** A key that requests are signed with. Only temporary ones have a session token and an end. */
export type AccessKey = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiresAt?: Date;
  principal: Principal;
};

/** An {@link AccessKey} from AssumeRole. */
export type TemporaryAccessKey = AccessKey & { sessionToken: string; expiresAt: Date };

/** The keys that are known; expired ones stay known, since they get an answer of their own. */
export type AccessKeys = {
  createLasting(principal: Principal): AccessKey;
  createTemporary(principal: Principal, durationSeconds: number): TemporaryAccessKey;
  find(accessKeyId: string): AccessKey | undefined;
};

/** Knows no key yet. */
export function createAccessKeys(): AccessKeys {
  const keys = new Map<string, AccessKey>();

  function remember<Key extends AccessKey>(key: Key): Key {
    keys.set(key.accessKeyId, key);
    return key;
  }

  return {
    createLasting: (principal) =>
      remember({ accessKeyId: createUniqueId('AKIA', 16), secretAccessKey: createSecret(), principal }),
    createTemporary: (principal, durationSeconds) =>
      remember({
        accessKeyId: createUniqueId('ASIA', 16),
        secretAccessKey: createSecret(),
        sessionToken: randomBytes(96).toString('base64'),
        expiresAt: new Date(Date.now() + durationSeconds * 1_000),
        principal,
      }),
    find: (accessKeyId) => keys.get(accessKeyId),
  };
}

/**
 * A random id in the form of AWS's, whose prefix tells what it names.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
 */
export function createUniqueId(prefix: 'AKIA' | 'ASIA' | 'AIDA' | 'AROA', length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}

function createSecret(): string {
  return randomBytes(30).toString('base64');
}
