import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import type { WriteAnswer } from './https-server.ts';

/** An answer that is written by hand, and what became of its connections. */
export type OddAnswer = {
  status: number;
  write: WriteAnswer;
  /** Resolves when the first client has it, or has closed the connection under it. */
  ended: Promise<'sent' | 'closed by the client'>;
  /** How many requests have got it so far. */
  count(): number;
};

const gigabyte = 2 ** 30;
const megabyte = 2 ** 20;
const blanks = Buffer.alloc(megabyte, ' ');

/** `text` with blanks up to a gigabyte before its last character: all of it is what was asked for. */
export const gigabyteOf = (text: string, options: { isDeclared: boolean; type?: string }): OddAnswer =>
  odd(async (response) => {
    const [head, tail] = [text.slice(0, -1), text.slice(-1)];
    response.writeHead(200, {
      'content-type': options.type ?? 'application/json',
      ...(options.isDeclared && { 'content-length': text.length + gigabyte }),
    });
    await pipeline(Readable.from(padded(head, tail)), response);
  });

function* padded(head: string, tail: string): Generator<Buffer> {
  yield Buffer.from(head);
  for (let sent = 0; sent < gigabyte; sent += megabyte) yield blanks;
  yield Buffer.from(tail);
}

/**
 * The same in about a megabyte on the wire, and then nothing. Gzip may be written in parts, one after the other
 * (RFC 1952, section 2.2).
 */
export function gzipBombOf(text: string): OddAnswer {
  const part = gzipSync(Buffer.alloc(16 * megabyte, ' '), { level: 9 });
  const parts = Array.from({ length: gigabyte / (16 * megabyte) }, () => part);
  const bomb = Buffer.concat([gzipSync(text.slice(0, -1)), ...parts, gzipSync(text.slice(-1))]);
  return odd((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.write(bomb);
  });
}

/** One byte of `text` a second. */
export const dripping = (text: string, type = 'application/json'): OddAnswer =>
  odd((response) => {
    response.writeHead(200, { 'content-type': type, 'content-length': text.length });
    drip(response, [...text]);
  });

/** Headers of one byte a second, and no end of them. */
export const drippingHeaders = (): OddAnswer =>
  odd((response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\nx-endless: ');
    drip({ write: (byte) => response.socket?.write(byte) ?? false }, Array<string>(600).fill('x'));
  });

/** Headers of megabytes, and no end of them. */
export const floodOfHeaders = (): OddAnswer =>
  odd((response) => {
    response.socket?.on('error', () => {}).write('HTTP/1.1 200 OK\r\n');
    response.socket?.write('x-flood: of headers that have no end\r\n'.repeat(100_000));
  });

/** Text that is complete for HTTP. */
export const textOf = (text: string, type = 'application/json'): OddAnswer =>
  odd((response) => {
    response.writeHead(200, { 'content-type': type }).end(text);
  });

/** Half of what was announced, and then the end of the connection. */
export const brokenOff = (text: string, type = 'application/json'): OddAnswer =>
  odd((response) => {
    response.writeHead(200, { 'content-type': type, 'content-length': text.length });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  });

function drip(to: { write(byte: string): boolean }, bytes: string[]): void {
  const timer = setInterval(() => {
    const byte = bytes.shift();
    if (byte === undefined) clearInterval(timer);
    else to.write(byte);
  }, 1000);
  timer.unref();
}

/** A client that closes the connection ends the writing too, which is no fault of the double. */
function odd(write: (response: ServerResponse) => Promise<void> | void): OddAnswer {
  const ended = Promise.withResolvers<'sent' | 'closed by the client'>();
  let count = 0;
  return {
    status: 200,
    ended: ended.promise,
    count: () => count,
    write(response) {
      count += 1;
      response.on('error', () => {});
      response.once('close', () =>
        ended.resolve(response.writableFinished ? 'sent' : 'closed by the client'),
      );
      Promise.resolve(write(response)).catch(() => {});
    },
  };
}
