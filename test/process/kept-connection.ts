import { Agent, request } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** One connection that is kept: of several processes behind a port, one has it. */
export type KeptConnection = Disposable & {
  /** Rejects when the connection ends before the answer. */
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; body: unknown }>;
  isOpen(): boolean;
};

/** Opens a connection to a gateway, and asks for `/healthz` over it. It is not opened again. */
export async function openConnection(url: string): Promise<KeptConnection> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port } = new URL(url);
  let socket: Socket | undefined;

  async function get(path: string, headers: Record<string, string> = {}) {
    if (socket?.destroyed) throw new Error('The connection has ended');
    const answered = Promise.withResolvers<{ status: number; body: unknown }>();
    const asked = request({ agent, hostname, port, path, headers });
    asked.once('socket', (used) => {
      socket = used;
    });
    asked.once('error', answered.reject);
    asked.once('response', (response) => {
      text(response)
        .then((json) => ({ status: response.statusCode ?? 0, body: JSON.parse(json) }))
        .then(answered.resolve, answered.reject);
    });
    asked.end();
    return answered.promise;
  }

  await get('/healthz');
  return {
    get,
    isOpen: () => socket?.destroyed === false,
    [Symbol.dispose]: () => agent.destroy(),
  };
}
