import { IncomingMessage, ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import { Socket } from 'node:net';
import type { Headers } from './headers.ts';

/** Headers that many answers have alike, in the forms in which they can be written. */
export type ConstantHeaders = { readonly list: string[]; readonly lines: string };

/** @throws TypeError for what is no header (RFC 9110, section 5) */
export function constantHeaders(headers: Headers): ConstantHeaders {
  for (const [name, value] of headers) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  return {
    list: headers.flat(),
    lines: headers.map(([name, value]) => `${name}: ${value}\r\n`).join(''),
  };
}

/** Where Node keeps the head of an answer, from when it was written until it is sent. */
type WithHead = { _header?: unknown };

const end = '\r\n\r\n';

/**
 * Begins an answer with `own` headers, names and values in turn, and `constant` ones. Node looks at each header of each
 * answer, which costs more than anything else here; those that are always the same are looked at once, and put behind
 * what Node has made of the others. A Node that keeps its head elsewhere is given all of them.
 */
export function writeHead(res: ServerResponse, own: string[], constant: ConstantHeaders): void {
  if (!keepsHead) {
    res.writeHead(200, [...own, ...constant.list]);
    return;
  }
  res.writeHead(200, own);
  const answer = res as WithHead;
  answer._header = `${String(answer._header).slice(0, -2)}${constant.lines}\r\n`;
}

const keepsHead = ((): boolean => {
  const res = new ServerResponse(new IncomingMessage(new Socket()));
  res.writeHead(200, ['A', 'b']);
  const head = (res as WithHead)._header;
  return typeof head === 'string' && head.startsWith('HTTP/1.1 200 OK\r\nA: b\r\n') && head.endsWith(end);
})();
