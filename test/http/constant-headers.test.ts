import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { constantHeaders, writeHead } from '../../src/http/constant-headers.ts';
import { rawRequest } from '../support/raw-request.ts';

const own = ['X-Own', 'one', 'Content-Length', '2'];
const constant = constantHeaders([
  ['Content-Type', 'text/plain'],
  ['X-Constant', 'a value; with="signs"'],
]);

/** The raw answer of a server that answers so. */
async function answerOf(answer: (res: ServerResponse) => void, request: string): Promise<string> {
  const server = createServer((_req, res) => answer(res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await rawRequest((server.address() as AddressInfo).port, request);
  } finally {
    server.close();
  }
}

const parts = (raw: string) => {
  const [head = '', body] = raw.split('\r\n\r\n');
  const [status, ...lines] = head.split('\r\n');
  return { status, lines: lines.filter((line) => !line.startsWith('Date: ')).sort(), body };
};

it.each([
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  'GET / HTTP/1.0\r\n\r\n',
])('writes what Node would have written: %j', async (request) => {
  const answers = [
    (res: ServerResponse) => {
      writeHead(res, own, constant);
      res.end('ok');
    },
    (res: ServerResponse) => {
      res.writeHead(200, [...own, ...constant.list]);
      res.end('ok');
    },
  ];
  const [ours, nodes] = await Promise.all(answers.map((answer) => answerOf(answer, request)));
  expect(ours).toContain('X-Constant: a value; with="signs"\r\n');
  expect(parts(ours ?? '')).toEqual(parts(nodes ?? ''));
});

it.each([
  ['a b', 'value'],
  ['name', 'a\r\nB: c'],
  ['', 'value'],
])('refuses what is no header: %j: %j', (name, value) => {
  expect(() => constantHeaders([[name, value]])).toThrow(TypeError);
});
