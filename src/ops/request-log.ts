import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';
import type { NoteRequest } from './note-request.ts';

/** A request id that a proxy in front has given; anything else could forge log lines. */
const given = /^[\w.-]{1,128}$/;

/** The id of a request, given its `X-Request-Id`. */
export const requestIdOf = (header: string | string[] | undefined): string =>
  typeof header === 'string' && given.test(header) ? header : randomUUID();

/** Gives every request an id, told to the client in `X-Request-Id` and in every error. */
export const requestId: RequestHandler = (req, res, next) => {
  const id = res.locals.requestId ?? requestIdOf(req.headers['x-request-id']);
  res.locals.requestId = id;
  res.locals.codes = new Set();
  res.set('X-Request-Id', id);
  next();
};

/**
 * One line per request: never its query, which carries authorization codes, nor its headers. `code` is that of the
 * first error in its answer; `operation` a GraphQL operation's name, where it is a known one.
 */
export const logRequest =
  (log: Log): NoteRequest =>
  ({ method, path, startedAt, isHot }, res, { requestId, operation, codes, traceId }) => {
    const milliseconds = Math.round(performance.now() - startedAt);
    // Of these nothing has to be hidden or escaped: the path is one of three, the id was looked at, and the operation's
    // name is one in GraphQL. It is the line that pino writes, which takes it longer than all else here.
    if (isHot && codes.size === 0 && traceId === undefined && res.writableFinished) {
      const named = operation === undefined ? '' : `"operation":"${operation}",`;
      log.infoLine(
        `"requestId":"${requestId}","method":"${method}","path":"${path}","status":${res.statusCode},"milliseconds":${milliseconds},${named}"msg":"request"`,
      );
      return;
    }
    const [code] = codes;
    log.info(
      {
        requestId,
        method,
        path: path.slice(0, 200),
        ...(res.headersSent ? { status: res.statusCode } : {}),
        milliseconds,
        ...(operation === undefined ? {} : { operation }),
        ...(code === undefined ? {} : { code }),
        ...(traceId === undefined ? {} : { traceId }),
        ...(res.writableFinished ? {} : { aborted: true }),
      },
      'request',
    );
  };
