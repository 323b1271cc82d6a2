import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Check, Problem } from './check.ts';
import { codesOf } from './failures.ts';
import { isGatewayAt } from './healthz.ts';

/** Whether the gateway can listen where it is to: binds, and closes again. */
export const portCheck: Check = {
  title: 'Port',
  async run({ config: { host, port, metricsPort } }, signal) {
    const looked = `${port === 0 ? 'a free one' : port} of ${host}`;
    const error = await bindingError(port, host);
    const isUp = isTaken(error) && (await isGatewayAt(urlOf(host, port), signal));
    const ofMetrics = metricsPort === undefined || isUp ? undefined : await bindingError(metricsPort, host);
    const faults = [
      ...(error && !isUp ? [problemOf(error, { name: 'PORT', port, host })] : []),
      ...(ofMetrics && metricsPort
        ? [problemOf(ofMetrics, { name: 'METRICS_PORT', port: metricsPort, host })]
        : []),
    ];
    return isUp
      ? { looked, notes: ['the gateway seems to be running there already: another one needs another PORT'] }
      : { looked, faults };
  },
};

async function bindingError(port: number, host: string): Promise<unknown> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return error;
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}

const isTaken = (error: unknown): boolean => codesOf(error).includes('EADDRINUSE');

/** An address that stands for all of this machine's is asked at the loopback one. */
function urlOf(host: string, port: number): string {
  const asked = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${asked.includes(':') ? `[${asked}]` : asked}:${port}`;
}

function problemOf(
  error: unknown,
  { name, port, host }: { name: string; port: number; host: string },
): Problem {
  const codes = codesOf(error);
  if (isTaken(error)) {
    return {
      problem: `port ${port} of ${host} is taken by another program`,
      mend: `stop it (ss -ltnp 'sport = :${port}' says which), or set ${name}`,
    };
  }
  if (codes.includes('EACCES')) {
    return {
      problem: `this user may not listen on port ${port}`,
      mend: `set ${name} to a port above 1023, with a proxy before it`,
    };
  }
  return {
    problem: `port ${port} of ${host} cannot be listened on (${codes[0] ?? 'unknown'})`,
    mend: `set HOST to an address of this machine (ip address), or to 0.0.0.0 for all of them; check ${name}`,
  };
}
