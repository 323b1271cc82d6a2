import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** One answer as it stands on the wire; header names in lower case. */
export type RawAnswer = { status: number; headers: Record<string, string>; body: string };

/**
 * Sends bytes as they stand, which no client would, closes its side, and gives back all that is answered until the
 * server closes too. `port` is on loopback.
 */
export async function rawRequest(port: number, bytes: string | Uint8Array): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(bytes);
  return text(socket);
}

/** The answers in what `rawRequest` gave back, by their Content-Length; throws where something is no answer. */
export function readAnswers(answered: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = Buffer.from(answered);
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = rest.subarray(0, end).toString().split('\r\n');
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1];
    if (end < 0 || status === undefined) throw new Error(`No HTTP answer: ${rest.toString().slice(0, 200)}`);
    const headers = Object.fromEntries(lines.map(headerOf));
    const length = Number(headers['content-length'] ?? 0);
    const body = rest.subarray(end + 4, end + 4 + length).toString();
    answers.push({ status: Number(status), headers, body });
    rest = rest.subarray(end + 4 + length);
  }
  return answers;
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
