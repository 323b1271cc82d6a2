import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';

/** A request id that a proxy in front has given; anything else could forge log lines. */
const given = /^[\w.-]{1,128}$/;

/** Gives every request an id, told to the client in `X-Request-Id` and in every error. */
export const requestId: RequestHandler = (req, res, next) => {
  const header = req.get('x-request-id');
  const id = header !== undefined && given.test(header) ? header : randomUUID();
  res.locals.requestId = id;
  res.locals.codes = new Set();
  res.set('X-Request-Id', id);
  next();
};

/**
 * One line per request: never its query, which carries authorization codes, nor its headers. `code` is that of the
 * first error in its answer; `operation` a GraphQL operation's name, where it is a known one.
 */
export function requestLog(log: Log): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    const { method, path } = req; // later, the middleware under way may have put others in their place
    res.on('close', () => {
      const { requestId, operation, codes, traceId } = res.locals;
      const [code] = codes;
      log.info(
        {
          requestId,
          method,
          path: path.slice(0, 200),
          ...(res.headersSent ? { status: res.statusCode } : {}),
          milliseconds: Math.round(performance.now() - startedAt),
          ...(operation === undefined ? {} : { operation }),
          ...(code === undefined ? {} : { code }),
          ...(traceId === undefined ? {} : { traceId }),
          ...(res.writableFinished ? {} : { aborted: true }),
        },
        'request',
      );
    });
    next();
  };
}
