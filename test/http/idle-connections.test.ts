import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';

it('keeps idle connections for longer than proxies do, and says so', async () => {
  await using gateway = await startGateway();
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  const seconds = /^keep-alive: timeout=(\d+)/im.exec(answer.toString())?.[1];
  expect(Number(seconds)).toBeGreaterThan(60);
});
