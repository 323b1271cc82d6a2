import type { Response } from 'express';
import { GatewayError } from '../errors.ts';

/**
 * Ends when the client closes its connection before it has the whole answer: then nobody wants what is still being
 * asked of others. Its reason is no incident, and nobody is left to read it.
 */
export function clientGone(res: Response): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished)
      gone.abort(new GatewayError('BAD_REQUEST', 'The client went away before its answer'));
  });
  return gone.signal;
}
