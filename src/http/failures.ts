import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { type ErrorCode, GatewayError, maskedMessage } from '../errors.ts';
import { isObject } from '../json.ts';
import type { Log } from '../log.ts';
import { payloadTooLarge } from './json-body.ts';

/** What a client is told of a failure. */
export type Failure = { code: ErrorCode; message: string; requestId: string };

/** Answers OPTIONS, also as a preflight, with the methods that a path takes, and others than these with 405. */
export function onlyMethods(methods: readonly string[]): RequestHandler {
  return (req, res, next) => {
    if (req.method !== 'OPTIONS' && methods.includes(req.method)) {
      next();
      return;
    }
    res.set('Allow', methods.join(', '));
    if (req.method === 'OPTIONS') {
      if (res.hasHeader('Access-Control-Allow-Origin'))
        res.set('Access-Control-Allow-Methods', methods.filter((method) => method !== 'OPTIONS').join(', '));
      res.status(204).end();
      return;
    }
    throw new GatewayError(
      'METHOD_NOT_ALLOWED',
      `${req.method} is not allowed here; use ${methods.join(', ')}`,
    );
  };
}

/** Ends every request that no route took. */
export const unknownPath: RequestHandler = (req) => {
  if (isBadEscape(req.path)) throw refusalOf(400); // as on the paths that exist
  throw new GatewayError('NOT_FOUND', 'There is nothing at this path');
};

/** How failures are answered on a face of the gateway. */
export type FailureForm = {
  body(failure: Failure): object;
  mediaType(req: Request): string;
  /** HTML, for a client that asks for a page; everybody gets the body where this is missing or answers undefined. */
  page?(req: Request, failure: Failure): string | undefined;
};

/**
 * Logs a failure and answers it in the form of its face: a GatewayError as it is, what Express refuses by its status,
 * anything else masked.
 */
export function failureAnswers(log: Log, form: FailureForm): ErrorRequestHandler {
  return (error, req, res, next) => {
    const { requestId } = res.locals;
    const failure = error instanceof GatewayError ? error : requestFailure(error);
    const entry = { err: failure ?? error, requestId, path: pathOf(req).slice(0, 200) };
    if (!failure) log.error(entry, 'Request failed unexpectedly');
    else if (failure.isIncident) log.warn(entry, 'Request failed');
    else log.debug(entry, 'Request refused');

    if (res.headersSent) {
      next(error);
      return;
    }
    const { code, message } = failure ?? { code: 'INTERNAL_SERVER_ERROR', message: maskedMessage };
    res.locals.codes.add(code);
    res.status(failure?.status ?? 500);
    setRetryAfter(res, failure);
    const told = { code, message, requestId };
    if (form.page) res.vary('Accept');
    const page = form.page?.(req, told);
    if (page === undefined) res.type(form.mediaType(req)).json(form.body(told));
    else res.type('html').send(page);
  };
}

/** The path alone, as it was asked for: not its query, and not as middleware that is mounted on a part sees it. */
const pathOf = ({ originalUrl }: Request): string => originalUrl.replace(/[?#].*/s, '');

function setRetryAfter(res: Response, failure: GatewayError | undefined): void {
  const seconds = failure?.details.retryAfterSeconds;
  const tellsWhen = failure?.status === 429 || failure?.status === 503;
  if (tellsWhen && seconds !== undefined) res.set('Retry-After', String(seconds));
}

const requestFailures = {
  400: {
    code: 'BAD_REQUEST',
    message: 'The request could not be read; check its path and that its body is JSON',
  },
  413: { code: 'PAYLOAD_TOO_LARGE', message: payloadTooLarge },
  415: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'The body must be application/json in UTF-8, uncompressed or gzip',
  },
} satisfies Record<number, { code: ErrorCode; message: string }>;

/**
 * Express and its body parser throw errors with a 4xx `status`. Their messages quote the request, and so go
 * nowhere.
 */
function requestFailure(error: unknown): GatewayError | undefined {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 ? refusalOf(status) : undefined;
}

function refusalOf(status: number): GatewayError {
  const { code, message } = requestFailures[isKnown(status) ? status : 400];
  return new GatewayError(code, message);
}

const isKnown = (status: number): status is keyof typeof requestFailures => status in requestFailures;

/** A status counts with what marks the errors of Express: other libraries have statuses of their own. */
function statusOf(error: unknown): number | undefined {
  if (!isObject(error) || typeof error.status !== 'number') return undefined;
  return error.expose === true || error instanceof URIError ? error.status : undefined;
}

function isBadEscape(path: string): boolean {
  try {
    decodeURIComponent(path);
    return false;
  } catch {
    return true;
  }
}
