import cors from 'cors';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** A year, in seconds: how long browsers keep to https. */
const httpsSeconds = 31_536_000;

/**
 * Headers of every answer: nothing is kept by a cache, sniffed, framed, embedded by other sites, or sent on as a
 * referrer; pages run what the gateway itself serves, and nothing inline. `https`: browsers are told to stay on it.
 */
export const securityHeaders = (options: { https: boolean }): RequestHandler[] => [
  (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  },
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
export function corsHeaders(origins: ReadonlySet<string>): RequestHandler {
  const allowed = cors({
    origin: true,
    credentials: true,
    methods: [],
    allowedHeaders,
    exposedHeaders: ['X-Request-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'Deprecation', 'Link'],
    maxAge: 600,
    preflightContinue: true,
  });
  return (req, res, next) => {
    res.vary('Origin');
    if (req.headers.origin !== undefined && origins.has(req.headers.origin)) allowed(req, res, next);
    else next();
  };
}
