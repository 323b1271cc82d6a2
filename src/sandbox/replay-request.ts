import { IncomingMessage } from 'node:http';

/**
 * The same request once more, for a handler that wants to read the body itself after it was read here: the same
 * connection and headers, `url` in place of its own path.
 */
export function replayRequest(original: IncomingMessage, url: string, body: Buffer): IncomingMessage {
  const replay = new IncomingMessage(original.socket);
  if (original.method !== undefined) replay.method = original.method;
  replay.url = url;
  replay.httpVersion = original.httpVersion;
  replay.headers = original.headers;
  replay.rawHeaders = original.rawHeaders;
  replay.push(body);
  replay.push(null);
  replay.complete = true;
  return replay;
}
