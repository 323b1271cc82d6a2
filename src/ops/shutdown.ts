import type { Server, ServerResponse } from 'node:http';

/**
 * Closes an HTTP server without cutting anyone off: no new connections, requests in flight finish, their answers
 * say that the connection closes, and then every connection ends, also those that a client holds open without
 * asking anything.
 */
export function createDrain(server: Server): { isDraining(): boolean; close(): Promise<void> } {
  const inFlight = new Set<ServerResponse>();
  let draining = false;
  const endWhenIdle = () => {
    if (draining && inFlight.size === 0) server.closeAllConnections();
  };
  const sayClose = (res: ServerResponse) => {
    if (!res.headersSent) res.setHeader('Connection', 'close');
  };
  server.on('request', (_req, res) => {
    inFlight.add(res);
    if (draining) sayClose(res);
    res.on('close', () => {
      inFlight.delete(res);
      setImmediate(endWhenIdle);
    });
  });
  return {
    isDraining: () => draining,
    async close() {
      draining = true;
      if (!server.listening) return;
      for (const res of inFlight) sayClose(res);
      const closed = new Promise((resolve) => server.close(resolve));
      endWhenIdle();
      await closed;
    },
  };
}
