import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { healthPaths } from './health.ts';
import { createUnderWay } from './under-way.ts';

/**
 * How long new requests are still taken after the signal, in milliseconds, as long as there are any in flight. A
 * balancer learns from `/readyz` that it is to send them elsewhere; until it has, nobody is turned away.
 */
const stillTakenMillis = 3_000;

/** After so many turns of the event loop all that has arrived meanwhile is read: a connection, and what it asks. */
const turnsToRead = 3;

/**
 * Closes an HTTP server without cutting anyone off: requests in flight finish, `/readyz` says meanwhile that there
 * shall be no more, answers say that their connection closes, and then every connection ends, also those that a
 * client holds open without asking anything. That is when nobody has asked for `quietMillis`: where many ask, what is in
 * flight is none for a moment, while the next requests are on their way.
 */
export function createDrain(server: Server): {
  isDraining(): boolean;
  close(quietMillis?: number): Promise<void>;
} {
  const inFlight = createUnderWay();
  const idle = Promise.withResolvers<void>();
  let draining = false;
  let requests = 0;
  let quietMillis = 0;
  const settleIfQuiet = (since: number, turns: number) => {
    if (requests !== since || inFlight.list.length > 0) return;
    if (turns === 0) idle.resolve();
    else setImmediate(settleIfQuiet, since, turns - 1);
  };
  const settleWhenIdle = () => {
    if (draining && inFlight.list.length === 0) setTimeout(settleIfQuiet, quietMillis, requests, turnsToRead);
  };
  const sayClose = (res: ServerResponse) => {
    if (!res.headersSent) res.setHeader('Connection', 'close');
  };
  server.on('request', (req, res) => {
    if (draining) sayClose(res);
    if (isProbe(req)) return;
    requests += 1;
    inFlight.add(res);
    res.on('close', answered);
  });
  /** One function for all answers. */
  function answered(this: ServerResponse): void {
    inFlight.delete(this);
    if (draining) setImmediate(settleWhenIdle);
  }
  return {
    isDraining: () => draining,
    async close(quiet = 0) {
      draining = true;
      quietMillis = quiet;
      if (!server.listening) return;
      for (const res of inFlight.list) sayClose(res);
      settleWhenIdle();
      const timer = setTimeout(() => server.close(), stillTakenMillis);
      await idle.promise;
      clearTimeout(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const isProbe = ({ url = '' }: IncomingMessage): boolean => healthPaths.some((path) => url.startsWith(path));
