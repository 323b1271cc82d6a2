import { createHash, createHmac } from 'node:crypto';

/** What a Signature Version 4 `Authorization` header says. */
export type SignedWith = {
  accessKeyId: string;
  /** YYYYMMDD. */
  date: string;
  region: string;
  service: string;
  /** In lower case, in the order in which they were signed. */
  signedHeaders: string[];
  /** Hexadecimal. */
  signature: string;
};

/** The parts of a request that its signature covers. */
export type SignedRequest = {
  method: string;
  url: URL;
  /** By name in lower case; several values of one name are joined by commas. */
  headers: ReadonlyMap<string, string>;
  body: Buffer;
};

const ALGORITHM = 'AWS4-HMAC-SHA256';
const TERMINATOR = 'aws4_request';

/** Reads an `Authorization` header; undefined unless it is a complete Signature Version 4. */
export function parseAuthorization(authorization: string): SignedWith | undefined {
  const fields = /^AWS4-HMAC-SHA256 +Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/;
  const [, credential = '', signedHeaders = '', signature = ''] = fields.exec(authorization) ?? [];
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== TERMINATOR || rest.length > 0) {
    return undefined;
  }
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

/**
 * The signature that the holder of `secretAccessKey` would give `request`, over the headers, and for the date,
 * region and service, of `signedWith`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createSignature(
  request: SignedRequest,
  signedWith: Omit<SignedWith, 'signature'>,
  secretAccessKey: string,
): string {
  const { date, region, service } = signedWith;
  const stringToSign = [
    ALGORITHM,
    request.headers.get('x-amz-date') ?? '',
    [date, region, service, TERMINATOR].join('/'),
    sha256(canonicalRequest(request, signedWith.signedHeaders)),
  ].join('\n');
  const signingKey = [date, region, service, TERMINATOR].reduce<string | Buffer>(
    (key, part) => hmac(key, part).digest(),
    `AWS4${secretAccessKey}`,
  );
  return hmac(signingKey, stringToSign).digest('hex');
}

function canonicalRequest({ method, url, headers, body }: SignedRequest, signedHeaders: string[]): string {
  const headerLines = signedHeaders.map((name) => `${name}:${canonicalValue(headers.get(name))}\n`);
  return [
    method,
    canonicalPath(url.pathname),
    canonicalQuery(url.searchParams),
    headerLines.join(''),
    signedHeaders.join(';'),
    sha256(body),
  ].join('\n');
}

function canonicalValue(value = ''): string {
  return value.trim().replace(/ +/g, ' ');
}

/** Encodes the encoded path once more, as every service but S3 does. */
function canonicalPath(pathname: string): string {
  return pathname.split('/').map(encode).join('/');
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

/** RFC 3986: JavaScript leaves five more characters as they are. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string) {
  return createHmac('sha256', key).update(data);
}
