import { createServer as createHttpServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createExchange, type Handler, sendJson } from './exchange.ts';

/** A server of the sandbox: on a free port, answering 503 until it is told how to answer. */
export type LoopbackServer = {
  /** Scheme, host and port, without a slash at the end. */
  origin: string;
  serve(handler: Handler): void;
  /** Ends the server and every open connection, also those in the middle of an answer. */
  close(): Promise<void>;
};

/** Key and certificate in PEM; a server without them speaks plain http. */
export type TlsIdentity = { key: string; cert: string };

/** How long an idle connection is kept, in milliseconds: real clouds do not close one after five seconds either. */
const keepAliveMillis = 75_000;

/** Listens on a free port first, since the pages of one server name the origins of the others. */
export async function startLoopbackServer(host: string, tls?: TlsIdentity): Promise<LoopbackServer> {
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  server.keepAliveTimeout = keepAliveMillis;
  await listen(server, host);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sandbox listens on no TCP port');
  const origin = `${tls ? 'https' : 'http'}://${host}:${address.port}`;

  let handler: Handler = async (exchange) => sendJson(exchange, 503, { error: 'The sandbox is starting' });
  server.on('request', async (request, response) => {
    try {
      await handler(createExchange(request, response, origin));
    } catch (error) {
      failVisibly(response, error);
    }
  });

  return {
    origin,
    serve(next) {
      handler = next;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The sandbox prints nothing, so a fault of its own shows in the answer. */
function failVisibly(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify({ error: 'sandbox_fault', error_description: String(error) }));
}
