import { MIMEType } from 'node:util';
import express, { type RequestHandler } from 'express';
import { GatewayError } from '../errors.ts';

/** The largest request body, in bytes. */
export const mostBodyBytes = 100 * 1024;
export const payloadTooLarge = 'The body is larger than the 100 kB that are allowed';

/** In characters; nothing that is sent in earnest comes near it. */
const longestMediaType = 200;

/**
 * Refuses a `Content-Type` that is long enough to keep a parser busy: Node's own and Apollo's take seconds for one that
 * is full of spaces.
 */
export const shortMediaType: RequestHandler = (req, _res, next) => {
  if ((req.headers['content-type']?.length ?? 0) > longestMediaType)
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'The content-type is too long; send application/json');
  next();
};

/**
 * Refuses a body that is not declared as JSON. A page of another origin cannot send that declaration without
 * asking first (Fetch, section 2.2.2), which keeps forged forms out. JSON is UTF-8 (RFC 8259, section 8.1); Express
 * would take what calls itself UTF-7 too.
 */
const onlyJson: RequestHandler = (req, _res, next) => {
  if (
    req.is('application/json') === false ||
    (charsetOf(req.headers['content-type']) ?? 'utf-8') !== 'utf-8'
  ) {
    throw new GatewayError(
      'UNSUPPORTED_MEDIA_TYPE',
      'Send the body as JSON in UTF-8, with content-type: application/json',
    );
  }
  next();
};

function charsetOf(contentType: string | undefined): string | null | undefined {
  if (contentType === undefined) return undefined;
  try {
    return new MIMEType(contentType).params.get('charset')?.toLowerCase();
  } catch {
    return undefined;
  }
}

/** Answers before the body of a request that says it is too large has arrived; Express would wait for its end. */
const notTooLarge: RequestHandler = (req, _res, next) => {
  if (Number(req.headers['content-length'] ?? 0) > mostBodyBytes)
    throw new GatewayError('PAYLOAD_TOO_LARGE', payloadTooLarge);
  next();
};

/** Reads the body of a request as JSON, for the paths that take one. */
export const jsonBody: RequestHandler[] = [onlyJson, notTooLarge, express.json({ limit: mostBodyBytes })];
