import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';

const keyId = 'double-1';

/** What can be wrong with an ID token whose claims are otherwise right. */
const claimFlaws = {
  'a tid that is not the one in its issuer': (claims) => ({
    ...claims,
    tid: '99999999-9999-4999-8999-999999999999',
  }),
  'no tid': ({ tid: _, ...claims }) => claims,
  'a tid that is no tenant id': (claims) => ({ ...claims, tid: '../common' }),
  'the nonce of another sign-in': (claims) => ({ ...claims, nonce: 'of-another-sign-in' }),
  'no nonce': ({ nonce: _, ...claims }) => claims,
  'another audience': (claims) => ({ ...claims, aud: 'another-application' }),
  'another issuer': (claims) => ({ ...claims, iss: 'https://login.example.com/v2.0' }),
  'a lifetime that is over': (claims) => ({ ...claims, exp: seconds() - 3600 }),
} satisfies Record<string, (claims: JWTPayload) => JWTPayload>;

export const tokenFlaws = [
  ...(Object.keys(claimFlaws) as (keyof typeof claimFlaws)[]),
  'a signature of another key',
  'no signature',
] as const;

/** Those that are wrong at any provider: `tid` is Entra's alone. */
export const openidTokenFlaws = tokenFlaws.filter((flaw) => !flaw.includes('tid'));

export type TokenFlaw = (typeof tokenFlaws)[number];

export type IdTokenSigner = {
  /** The JWKS document. */
  keys: { keys: object[] };
  /** Adds `iat` and `exp`, then what `flaw` says. */
  sign(claims: JWTPayload, flaw: TokenFlaw | undefined): Promise<string>;
};

/** Signs ID tokens, well or badly (OpenID Connect Core, section 3.1.3.7, is the list of what a client checks). */
export async function createIdTokenSigner(): Promise<IdTokenSigner> {
  const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const publicKey = { ...(await exportJWK(own.publicKey)), kid: keyId, use: 'sig', alg: 'RS256' };

  return {
    keys: { keys: [publicKey] },
    sign(given, flaw) {
      const sound = { ...given, iat: seconds(), exp: seconds() + 300 };
      const claims = flaw !== undefined && isClaimFlaw(flaw) ? claimFlaws[flaw](sound) : sound;
      if (flaw === 'no signature') return Promise.resolve(new UnsecuredJWT(claims).encode());
      const { privateKey } = flaw === 'a signature of another key' ? foreign : own;
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: keyId, typ: 'JWT' })
        .sign(privateKey);
    },
  };
}

const isClaimFlaw = (flaw: TokenFlaw): flaw is keyof typeof claimFlaws => flaw in claimFlaws;
const seconds = (): number => Math.floor(Date.now() / 1000);
