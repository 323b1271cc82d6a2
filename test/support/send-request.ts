import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** `body` is sent with its Content-Length, or in chunks without one. */
export type RequestParts = {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  chunked?: boolean;
};

export type SentAnswer = { status: number; headers: IncomingHttpHeaders; text: string };

/** How long an answer may take, in milliseconds; the gateway waits 30 seconds for a request. */
const deadlineMs = 5000;

/**
 * Sends a request as it stands: also paths, headers and methods that `fetch` would mend or refuse. Nothing is added
 * but `Host`; each request has a connection of its own.
 */
export function sendRequest(origin: string, path: string, parts: RequestParts = {}): Promise<SentAnswer> {
  const { method = 'GET', headers = {}, body, chunked = false } = parts;
  const { hostname, port } = new URL(origin);
  const framing: Record<string, string> = {};
  if (chunked) framing['transfer-encoding'] = 'chunked';
  else if (body !== undefined) framing['content-length'] = String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        path,
        method,
        headers: { ...framing, ...headers },
        agent: false,
        signal: AbortSignal.timeout(deadlineMs),
      },
      (answer) => {
        text(answer)
          .then((read) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: read }))
          .catch(reject)
          // What is left of a body that was refused has no reader.
          .finally(() => sent.destroy());
      },
    );
    sent.on('error', reject);
    if (chunked && body !== undefined) sent.write(body);
    sent.end(chunked ? undefined : body);
  });
}
