import type { ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { RequestFacts } from '../http/locals.ts';

/** A request as it came. `startedAt`: by `performance.now()`; `isHot`: it was answered on the hot path. */
export type ArrivedRequest = { method: string; path: string; startedAt: number; isHot: boolean };

/** Writes down a request that is over: answered, or left by its client. */
export type NoteRequest = (request: ArrivedRequest, res: ServerResponse, facts: RequestFacts) => void;

/** Has each request noted when it is over. */
export function noteRequests(note: NoteRequest): RequestHandler {
  return (req, res, next) => {
    const { method, path } = req; // later, the middleware under way may have put others in their place
    const request = { method, path, startedAt: performance.now(), isHot: false };
    res.on('close', () => note(request, res, res.locals));
    next();
  };
}
