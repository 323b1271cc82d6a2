import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request with what is needed to answer it. */
export type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  /** The requested URL on the server's own origin; the Host header is not believed. */
  url: URL;
  /** Aborted when the answer is finished or the client has gone, so that no timer outlives its request. */
  gone: AbortSignal;
};

/** Answers one exchange; what it throws becomes a 500 that carries the message. */
export type Handler = (exchange: Exchange) => Promise<void>;

const MAXIMUM_FORM_BYTES = 64 * 1024;

/** Wraps a request of the server at `origin`. */
export function createExchange(request: IncomingMessage, response: ServerResponse, origin: string): Exchange {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return { request, response, url: new URL(origin + (request.url ?? '/')), gone: gone.signal };
}

/** Answers JSON, never cached, as the clouds do. */
export function sendJson(
  { response }: Exchange,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(JSON.stringify(body));
}

/**
 * Answers a page that loads nothing but the sandbox's own style sheet.
 *
 * No `form-action` in the policy: browsers apply it to the redirects after a form too, and the sign-in ends on
 * the gateway's origin.
 */
export function sendHtml({ response }: Exchange, status: number, html: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
  });
  response.end(html);
}

/** Sends the browser on with 303, so that a POST is followed by a GET (RFC 9110, section 15.4.4). */
export function redirect({ response }: Exchange, location: string): void {
  response.writeHead(303, { Location: location, 'Cache-Control': 'no-store' });
  response.end();
}

/** Reads a form body; `bytes` is what arrived, for handing it on unchanged. Throws above 64 kB. */
export async function readForm({ request }: Exchange): Promise<{ bytes: Buffer; form: URLSearchParams }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAXIMUM_FORM_BYTES) throw new Error('The form is larger than 64 kB');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return { bytes, form: new URLSearchParams(bytes.toString('utf8')) };
}
