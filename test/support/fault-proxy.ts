import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export type FaultProxy = AsyncDisposable & {
  port: number;
  /** `redis://127.0.0.1:port` */
  url: string;
  /** Resets every connection, and ends each new one at once. */
  cut(): void;
  /** Keeps connections and takes new ones, but passes no byte on either way, nor that a side has hung up. */
  silence(): void;
  /** Passes every chunk on, either way, only after so many milliseconds. */
  slow(milliseconds: number): void;
  /** Normal again. Connections that were silenced are ended, as they have lost bytes; what was held up still comes. */
  heal(): void;
  /** How many clients are connected. */
  connections(): number;
};

type Mode = { kind: 'open'; delayMilliseconds: number } | { kind: 'cut' } | { kind: 'silent' };

/**
 * A network that fails on demand before a server on the loopback; any other mode ends silence as `heal` does.
 * `await using` ends it and what goes through it:
 *
 *     await using proxy = await startFaultProxy(redis.port);
 */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let mode: Mode = { kind: 'open', delayMilliseconds: 0 };
  const clients = new Set<Socket>();
  const upstreams = new Set<Socket>();

  /** The bytes of one direction, and its end, in the order in which they came. */
  function pass(from: Socket, to: Socket): void {
    let passed = Promise.resolve();
    const inTurn = (act: () => void) => {
      const dueAt = Date.now() + (mode.kind === 'open' ? mode.delayMilliseconds : 0);
      passed = passed.then(async () => {
        if (dueAt > Date.now()) await delay(dueAt - Date.now(), undefined, { ref: false });
        if (mode.kind !== 'silent') act();
      });
    };
    from.on('data', (chunk) => inTurn(() => to.write(chunk)));
    from.on('error', () => {});
    from.on('close', (hadError) => inTurn(() => (hadError ? to.resetAndDestroy() : to.end())));
  }

  function endAll(how: 'destroy' | 'resetAndDestroy'): void {
    for (const socket of [...clients, ...upstreams]) socket[how]();
  }

  function become(next: Mode): void {
    if (mode.kind === 'silent' && next.kind === 'open') endAll('destroy');
    mode = next;
    if (next.kind === 'cut') endAll('resetAndDestroy');
  }

  const server = createServer({ noDelay: true }, (client) => {
    if (mode.kind === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect({ host: '127.0.0.1', port: targetPort, noDelay: true });
    keep(clients, client);
    keep(upstreams, upstream);
    pass(client, upstream);
    pass(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    cut: () => become({ kind: 'cut' }),
    silence: () => become({ kind: 'silent' }),
    slow: (milliseconds) => become({ kind: 'open', delayMilliseconds: milliseconds }),
    heal: () => become({ kind: 'open', delayMilliseconds: 0 }),
    connections: () => clients.size,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      endAll('destroy');
      await closed;
    },
  };
}

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}
