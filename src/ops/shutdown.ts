import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { healthPaths } from './health.ts';

/**
 * How long new requests are still taken after the signal, in milliseconds, as long as there are any in flight. A
 * balancer learns from `/readyz` that it is to send them elsewhere; until it has, nobody is turned away.
 */
const stillTakenMillis = 3_000;

/**
 * Closes an HTTP server without cutting anyone off: requests in flight finish, `/readyz` says meanwhile that there
 * shall be no more, answers say that their connection closes, and then every connection ends, also those that a
 * client holds open without asking anything.
 */
export function createDrain(server: Server): { isDraining(): boolean; close(): Promise<void> } {
  const inFlight = new Set<ServerResponse>();
  const idle = Promise.withResolvers<void>();
  let draining = false;
  const settleWhenIdle = () => {
    if (draining && inFlight.size === 0) idle.resolve();
  };
  const sayClose = (res: ServerResponse) => {
    if (!res.headersSent) res.setHeader('Connection', 'close');
  };
  server.on('request', (req, res) => {
    if (draining) sayClose(res);
    if (isProbe(req)) return;
    inFlight.add(res);
    res.on('close', () => {
      inFlight.delete(res);
      setImmediate(settleWhenIdle);
    });
  });
  return {
    isDraining: () => draining,
    async close() {
      draining = true;
      if (!server.listening) return;
      for (const res of inFlight) sayClose(res);
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
