import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import cors from 'cors';
import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

/** Headers as they are written, in their order. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** A year, in seconds: how long browsers keep to https. */
const httpsSeconds = 31_536_000;

/**
 * Headers of every answer: nothing is kept by a cache, sniffed, framed, embedded by other sites, or sent on as a
 * referrer; pages run what the gateway itself serves, and nothing inline. `https`: browsers are told to stay on it.
 */
export const securityHeaders = (options: { https: boolean }): Headers => [
  ['Cache-Control', 'no-store'],
  ...headersBy(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: options.https && { maxAge: httpsSeconds, includeSubDomains: false },
      frameguard: { action: 'deny' },
    }),
  ),
];

/** What a front end may send beside the headers that need no permission: Apollo Client's, and those of traces. */
const allowedHeaders = [
  'Content-Type',
  'Apollo-Require-Preflight',
  'X-Apollo-Operation-Name',
  'Apollographql-Client-Name',
  'Apollographql-Client-Version',
  'X-Request-Id',
  'Traceparent',
  'Tracestate',
];

/**
 * Lets the pages of the allowed origins read answers, with the session cookie. Any other origin gets no CORS
 * header at all, so its browser keeps the answer from the page. `onlyMethods` ends preflights, with the methods of
 * their path.
 */
const allowOrigin = cors({
  origin: true,
  credentials: true,
  methods: [],
  allowedHeaders,
  exposedHeaders: ['X-Request-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'Deprecation', 'Link'],
  maxAge: 600,
  preflightContinue: true,
});

export function corsHeaders(origins: ReadonlySet<string>): RequestHandler {
  return (req, res, next) => {
    res.vary('Origin');
    if (req.headers.origin !== undefined && origins.has(req.headers.origin)) allowOrigin(req, res, next);
    else next();
  };
}

/** What `corsHeaders` puts on the answer to a call, which is no preflight, of a page of this allowed origin. */
export const corsHeadersOf = (origin: string): Headers => [
  ...headersBy(allowOrigin, { origin }).filter(([name]) => name !== 'vary'),
];

/** Puts headers that are always the same on every answer. */
export const setHeaders =
  (headers: Headers): RequestHandler =>
  (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };

/** The headers that a middleware sets whatever else is asked for. */
function headersBy(middleware: Middleware, given: Record<string, string> = {}): Headers {
  const req = new IncomingMessage(new Socket());
  Object.assign(req.headers, given);
  const res = new ServerResponse(req);
  middleware(req as Request, res as Response, () => undefined);
  return Object.entries(res.getHeaders()).map(([name, value]) => [name, String(value)]);
}

type Middleware = (req: Request, res: Response, next: () => void) => void;
