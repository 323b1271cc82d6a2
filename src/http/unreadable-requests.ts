import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import { type ErrorCode, GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { FailureForm } from './failures.ts';

type Refusal = { status: number; code: ErrorCode; message: string };

const unreadable: Refusal = { status: 400, code: 'BAD_REQUEST', message: 'The request is not HTTP' };
const refusals = new Map<string, Refusal>([
  ['HPE_HEADER_OVERFLOW', { status: 431, code: 'BAD_REQUEST', message: 'The headers are larger than 16 kB' }],
  [
    'HPE_CHUNK_EXTENSIONS_OVERFLOW',
    { status: 413, code: 'PAYLOAD_TOO_LARGE', message: 'The chunk extensions of the body are too large' },
  ],
  [
    'ERR_HTTP_REQUEST_TIMEOUT',
    { status: 408, code: 'BAD_REQUEST', message: 'The request took too long to arrive' },
  ],
]);
const noTunnels: Refusal = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: 'CONNECT is not allowed here',
};

/**
 * Answers what Node's HTTP parser refuses, or would drop, in the form of every other refusal; these requests never
 * become one that a route could see.
 */
export function answerUnreadable(
  server: Server,
  { log, body }: { log: Log; body: FailureForm['body'] },
): void {
  const answering = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (req, res) => {
    answering.set(req.socket, res);
    // Node says nothing of what comes after it on such a connection, when that is no HTTP.
    if (req.headers.upgrade !== undefined) res.setHeader('Connection', 'close');
  });

  function refuse(socket: Duplex, { status, code, message }: Refusal): void {
    const answer = answering.get(socket);
    if (answer?.req.complete && !answer.writableFinished && !answer.closed) {
      answer.once('close', () => refuse(socket, { status, code, message })); // a good request came before it
      return;
    }
    const isBetweenAnswers = !answer?.headersSent || answer.writableFinished;
    if (!socket.writable || !isBetweenAnswers) {
      socket.destroy();
      return;
    }
    const requestId = randomUUID();
    log.info({ requestId, status }, 'unreadable request');
    const text = JSON.stringify(body({ code, message, requestId }));
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      `X-Request-Id: ${requestId}`,
      ...(status === 405 ? ['Allow: GET, HEAD, POST, OPTIONS'] : []),
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    refuse(socket, refusals.get(error.code ?? '') ?? unreadable),
  );
  server.on('connect', (_req: IncomingMessage, socket: Duplex) => refuse(socket, noTunnels));
  // An expectation that is not known may be ignored (RFC 9110, section 10.1.1); Node would answer without a body.
  server.on('checkExpectation', (req, res) => server.emit('request', req, res));
}

/** How many Host headers a request has. */
export function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts;
}

/**
 * Refuses a request that names no host, or several (RFC 9112, section 3.2): a proxy may have read another one. Also
 * one of a version that has no headers, which Node takes all the same.
 */
export const oneHost: RequestHandler = (req, _res, next) => {
  if (!['1.0', '1.1'].includes(req.httpVersion))
    throw new GatewayError('BAD_REQUEST', 'The request has to be HTTP/1.1 or HTTP/1.0');
  const hosts = countHosts(req.rawHeaders);
  if (hosts > 1 || (hosts === 0 && req.httpVersion !== '1.0'))
    throw new GatewayError('BAD_REQUEST', 'The request has to name its host, once');
  next();
};
