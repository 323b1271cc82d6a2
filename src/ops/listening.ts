import { once } from 'node:events';
import type { Server } from 'node:http';

/**
 * Listens on `port` of `host`; `setting` is the variable that names the port.
 *
 * @throws Error that says what to do when that cannot be listened on
 */
export async function listenOn(
  server: Server,
  { port, host, setting }: { port: number; host: string; setting: 'PORT' | 'METRICS_PORT' },
): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening').catch((cause: unknown) => {
    throw new Error(`Port ${port} of ${host} cannot be listened on (${setting}); ${mendOf(cause, setting)}`, {
      cause,
    });
  });
}

const mendOf = (cause: unknown, setting: string): string =>
  cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    ? `stop the program that uses it, or set ${setting} (0 takes a free one)`
    : `check ${setting} and HOST`;
