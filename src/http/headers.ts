import cors from 'cors';
import type { RequestHandler } from 'express';

/** Headers of every answer: nothing is kept by a cache, sniffed, framed, or sent on as a referrer. */
export const commonHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy':
      "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  });
  next();
};

/**
 * Lets the pages of the allowed origins read answers, with the session cookie. Any other origin gets no CORS
 * header at all, so its browser keeps the answer from the page.
 */
export function corsHeaders(origins: ReadonlySet<string>): RequestHandler {
  const allowed = cors({
    origin: true,
    credentials: true,
    methods: ['GET', 'HEAD', 'POST'],
    exposedHeaders: ['X-Request-Id', 'Retry-After'],
    maxAge: 600,
  });
  return (req, res, next) => {
    res.vary('Origin');
    if (req.headers.origin !== undefined && origins.has(req.headers.origin)) allowed(req, res, next);
    else next();
  };
}
