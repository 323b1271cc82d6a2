import type { AccessKey, AccessKeys, Principal } from './access-keys.ts';
import { createSignature, parseAuthorization, type SignedRequest, type SignedWith } from './sigv4.ts';
import { StsError } from './sts-error.ts';

const TOLERATED_MINUTES = 5;

/**
 * Finds who signed a request to STS. Throws an {@link StsError} for a request that nobody signed, or not in a way
 * that counts.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
export function authenticate(request: SignedRequest, keys: AccessKeys): Principal {
  const signedWith = readAuthorization(request);
  checkScope(request, signedWith);
  const key = findKey(request, signedWith.accessKeyId, keys);
  if (createSignature(request, signedWith, key.secretAccessKey) !== signedWith.signature) {
    throw signatureDoesNotMatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  if (key.expiresAt !== undefined && key.expiresAt.getTime() <= Date.now()) {
    throw new StsError(403, 'ExpiredToken', 'The security token included in the request is expired');
  }
  return key.principal;
}

function readAuthorization({ headers }: SignedRequest): SignedWith {
  const authorization = headers.get('authorization');
  if (authorization === undefined) {
    throw new StsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  }
  const signedWith = parseAuthorization(authorization);
  if (signedWith === undefined) {
    throw new StsError(400, 'IncompleteSignature', 'The Authorization header is not a complete signature.');
  }
  // Else whoever sees a request could send it on to another host, or with another session token.
  const mustBeSigned = [...headers.keys()].filter((name) => name === 'host' || name.startsWith('x-amz-'));
  const unsigned = mustBeSigned.find((name) => !signedWith.signedHeaders.includes(name));
  if (unsigned !== undefined) {
    throw signatureDoesNotMatch(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
  return signedWith;
}

function checkScope({ headers }: SignedRequest, { date, service }: SignedWith): void {
  if (service !== 'sts')
    throw signatureDoesNotMatch("Credential should be scoped to correct service: 'sts'.");

  const signedAt = headers.get('x-amz-date') ?? '';
  const minutesAgo = (Date.now() - parseBasicDate(signedAt)) / 60_000;
  if (Number.isNaN(minutesAgo)) {
    throw new StsError(
      400,
      'IncompleteSignature',
      `Date must be in ISO-8601 'basic format'. Got '${signedAt}'.`,
    );
  }
  if (minutesAgo > TOLERATED_MINUTES) throw signatureDoesNotMatch(`Signature expired: ${signedAt}`);
  if (minutesAgo < -TOLERATED_MINUTES) throw signatureDoesNotMatch(`Signature not yet current: ${signedAt}`);
  if (!signedAt.startsWith(`${date}T`)) {
    throw signatureDoesNotMatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}', '${signedAt}'.`,
    );
  }
}

/** A temporary key counts only together with its session token, a lasting one only without any. */
function findKey({ headers }: SignedRequest, accessKeyId: string, keys: AccessKeys): AccessKey {
  const key = keys.find(accessKeyId);
  if (key === undefined || key.sessionToken !== headers.get('x-amz-security-token')) {
    throw new StsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  return key;
}

/** Milliseconds since 1970 of `20260131T120000Z`, else NaN. */
function parseBasicDate(text: string): number {
  const basic = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
  return basic.test(text) ? Date.parse(text.replace(basic, '$1-$2-$3T$4:$5:$6Z')) : Number.NaN;
}

function signatureDoesNotMatch(message: string): StsError {
  return new StsError(403, 'SignatureDoesNotMatch', message);
}
