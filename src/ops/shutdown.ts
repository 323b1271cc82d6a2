import type { Server } from 'node:http';

/**
 * Closes an HTTP server without cutting anyone off: no new connections, requests in flight finish, and then
 * every connection ends, also those that a client holds open without asking anything.
 */
export function createDrain(server: Server): () => Promise<void> {
  let inFlight = 0;
  let draining = false;
  const endWhenIdle = () => {
    if (draining && inFlight === 0) server.closeAllConnections();
  };
  server.on('request', (_req, res) => {
    inFlight += 1;
    res.on('close', () => {
      inFlight -= 1;
      setImmediate(endWhenIdle);
    });
  });
  return async () => {
    draining = true;
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    endWhenIdle();
    await closed;
  };
}
