import type { RequestHandler } from 'express';
import { GatewayError } from '../errors.ts';

/** The largest request body, in the notation of body-parser. */
export const jsonBodyLimit = '100kb';

/**
 * Refuses a body that is not declared as JSON. A page of another origin cannot send that declaration without
 * asking first (Fetch, section 2.2.2), which keeps forged forms out.
 */
export const onlyJson: RequestHandler = (req, _res, next) => {
  if (req.is('application/json') === false) {
    throw new GatewayError(
      'UNSUPPORTED_MEDIA_TYPE',
      'Send the body as JSON, with content-type: application/json',
    );
  }
  next();
};
