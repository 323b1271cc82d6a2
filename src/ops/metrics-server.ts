import { once } from 'node:events';
import { createServer } from 'node:http';
import { isIPv6 } from 'node:net';
import { listenOn } from './listening.ts';

/** Serves `GET /metrics` on a port of its own, so that it need not be where browsers come. */
export type MetricsServer = {
  /** @throws Error saying what to do when the port cannot be listened on */
  listen(): Promise<void>;
  /** Where it is read; with port 0 known once it listens. */
  url(): string;
  close(): Promise<void>;
};

export function createMetricsServer(options: {
  host: string;
  port: number;
  contentType: string;
  text(): Promise<string>;
}): MetricsServer {
  const { host, port, contentType, text } = options;
  const server = createServer(async (req, res) => {
    const plain = (status: number, said: string, headers: Record<string, string> = {}) =>
      res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${said}\n`);
    const path = req.url?.split('?', 1)[0];
    if (path !== '/metrics') return plain(404, 'Not found; the metrics are at /metrics');
    if (req.method !== 'GET') return plain(405, 'Method not allowed; use GET', { allow: 'GET' });
    try {
      const metrics = await text();
      return res.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(metrics);
    } catch {
      return plain(500, 'The metrics could not be collected');
    }
  });

  const listeningPort = () => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  };
  return {
    url: () => `http://${isIPv6(host) ? `[${host}]` : host}:${listeningPort()}/metrics`,

    listen: () => listenOn(server, { port, host, setting: 'METRICS_PORT' }),

    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
