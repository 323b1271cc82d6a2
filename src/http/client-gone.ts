import type { ServerResponse } from 'node:http';
import { GatewayError } from '../errors.ts';

/**
 * Gives a signal that ends when the client closes its connection before it has the whole answer: then nobody wants what
 * is still being asked of others. Its reason is no incident, and nobody is left to read it. Most requests ask nobody,
 * so it is made when it is wanted.
 */
export function clientGone(res: ServerResponse): () => AbortSignal {
  let gone: AbortController | undefined;

  function end(): void {
    if (!res.writableFinished)
      gone?.abort(new GatewayError('BAD_REQUEST', 'The client went away before its answer'));
  }

  return () => {
    if (gone) return gone.signal;
    gone = new AbortController();
    if (res.closed) end();
    else res.once('close', end);
    return gone.signal;
  };
}
