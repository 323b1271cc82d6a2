import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Load, runLoad } from './load-run.ts';

const marks = ['000', '001', '002'];
const bodyOf = (mark: string) => `{"name":"Person ${mark}","more":"${'x'.repeat(100)}"}`;
const clock = { server: () => 0, machine: () => 0 };

/** Runs a load against a server in this process, where each session's request carries its mark as the path. */
async function run(answer: RequestListener, load: Partial<Load> = {}) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await runLoad(
      {
        port,
        pid: 0,
        requests: marks.map((mark) => Buffer.from(`GET /${mark} HTTP/1.1\r\nHost: localhost\r\n\r\n`)),
        expected: {
          length: bodyOf('000').length,
          begins: marks.map((mark) => Buffer.from(`{"name":"Person ${mark}`)),
        },
        connections: 4,
        seconds: 0.5,
        ...load,
      },
      clock,
    );
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const right: RequestListener = ({ url = '' }, response) => {
  const body = bodyOf(url.slice(1));
  response.writeHead(200, { 'content-length': body.length }).end(body);
};

describe('the load generator', () => {
  it('counts the answers it gets', async () => {
    let served = 0;
    const { requests, requestsPerSecond, p50Millis, p99Millis } = await run((request, response) => {
      served++;
      right(request, response);
    });
    expect(requests).toBeGreaterThan(10);
    expect(requests).toBeLessThanOrEqual(served);
    expect(requestsPerSecond).toBeGreaterThan(0);
    expect(p50Millis).toBeGreaterThan(0);
    expect(p99Millis).toBeGreaterThanOrEqual(p50Millis);
  });

  it('puts answers together that come in pieces', async () => {
    const { requests } = await run(({ url = '' }, response) => {
      const body = bodyOf(url.slice(1));
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.slice(0, 5));
      setImmediate(() => response.end(body.slice(5)));
    });
    expect(requests).toBeGreaterThan(10);
  });

  it('goes on where the server closes the connection after each answer', async () => {
    const { requests } = await run((request, response) => {
      response.setHeader('connection', 'close');
      right(request, response);
    });
    expect(requests).toBeGreaterThan(10);
  });

  it.each<[string, RequestListener, RegExp]>([
    ['another status', (_, response) => void response.writeHead(500).end('no'), /500/],
    ["somebody else's answer", (_, response) => right({ url: '/000' } as never, response), /Person 00[12]/],
    ['a shorter answer', (_, response) => void response.end('{}'), /body of 1\d\d bytes/],
    ['no answer', ({ socket }) => void socket.destroy(), /closed|reset/i],
  ])('fails at %s', async (_, answer, message) => {
    await expect(run(answer)).rejects.toThrow(message);
  });

  it('sends at the rate that it is told', async () => {
    const { requestsPerSecond } = await run(right, { requestsPerSecond: 100, seconds: 1 });
    expect(requestsPerSecond).toBeGreaterThan(50);
    expect(requestsPerSecond).toBeLessThan(150);
  });

  it('charges a server that stalls for all requests that were due meanwhile', async () => {
    const stallMillis = 400;
    let stallsAt: number | undefined;
    let hasStalled = false;
    const { p50Millis, p99Millis } = await run(
      (request, response) => {
        stallsAt ??= performance.now() + 600;
        if (hasStalled || performance.now() < stallsAt) return right(request, response);
        hasStalled = true;
        while (performance.now() < stallsAt + stallMillis); // the client shares this thread, and stalls too
        return right(request, response);
      },
      { requestsPerSecond: 200, seconds: 1, connections: 1 },
    );
    // With one connection, sending when it is free would make one slow answer of the stall: less than a hundredth.
    expect(p99Millis).toBeGreaterThan(stallMillis / 2);
    expect(p99Millis).toBeGreaterThan(p50Millis);
  });
});
