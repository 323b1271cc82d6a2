import { generateKeyPair, type JsonWebKey, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';

/** The key that signs ID tokens: the whole for the identity provider, the public half for its keys endpoint. */
export type SigningKey = { privateJwk: JsonWebKey; publicJwk: JsonWebKey };

/** A new RS256 key, the one algorithm of Entra's and Google's ID tokens. */
export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const about = { kid: randomUUID(), use: 'sig', alg: 'RS256' };
  return {
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...about },
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...about },
  };
}
