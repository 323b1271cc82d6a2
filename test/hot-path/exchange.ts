import { connect } from 'node:net';

/** What is sent on a connection of its own, and what is waited for there. */
export type Exchange = {
  /** Written one after the other, in latin1; each arrives as a packet of its own. */
  pieces: readonly string[];
  /** How many answers are waited for, interim ones not counted; the end of the connection ends the waiting too. */
  answers?: number;
  /** Whether the client closes its side behind the last piece, and waits for the other to be closed. */
  ends?: boolean;
  /** The connection is given up when this is done, whatever was answered. */
  leaves?: () => Promise<unknown>;
  /** An answer to HEAD has no body, whatever its length says. */
  isHead?: boolean;
};

/** An answer as it stands on the wire: names of headers in lower case, bodies in latin1. */
export type WireAnswer = { status: number; headers: Record<string, string[]>; body: string };

/** How long an exchange may take, in milliseconds. */
const deadlineMs = 20_000;

/**
 * Sends bytes as they stand to a port on loopback, and gives back what is answered.
 *
 * @throws Error where nothing is answered in time, or something that is no answer
 */
export function exchange(port: number, parts: Exchange): Promise<WireAnswer[]> {
  const { pieces, answers = 1, ends = false, leaves, isHead = false } = parts;
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.setTimeout(deadlineMs, () => socket.destroy(new Error(`No answer to ${pieces.join('')}`)));
  return new Promise((resolve, reject) => {
    let received = '';
    const read = (isOver: boolean) => readAnswers(received, { isHead, isOver });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      received += text;
      const got = ends ? [] : read(false);
      if (got.filter(({ status }) => status >= 200).length < answers || ends) return;
      resolve(got);
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Who refuses a body may close the connection before it has come.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      try {
        resolve(read(true));
      } catch (error) {
        reject(error);
      }
    });
    socket.on('connect', async () => {
      for (const piece of pieces) {
        socket.write(piece, 'latin1');
        for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate); // the server reads in between
      }
      if (ends) socket.end();
      await leaves?.();
      if (leaves) socket.destroy();
    });
  });
}

/** The answers that are complete in what was received; `isOver`: there comes no more, so that the last one is. */
function readAnswers(received: string, options: { isHead: boolean; isOver: boolean }): WireAnswer[] {
  const answers: WireAnswer[] = [];
  for (let rest = received; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) break;
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    if (!status) throw new Error(`No HTTP answer: ${rest.slice(0, 200)}`);
    const headers = headersOf(lines);
    const after = rest.slice(end + 4);
    const length = lengthOf(status, headers, options.isHead);
    if (length === undefined ? !options.isOver : after.length < length) break;
    answers.push({ status, headers, body: after.slice(0, length) });
    rest = length === undefined ? '' : after.slice(length);
  }
  return answers;
}

/** The length of a body in bytes; undefined: it goes on until the connection ends. */
function lengthOf(status: number, headers: Record<string, string[]>, isHead: boolean): number | undefined {
  if (isHead || status < 200 || status === 204 || status === 304) return 0;
  const [length] = headers['content-length'] ?? [];
  return length === undefined ? undefined : Number(length);
}

function headersOf(lines: readonly string[]): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers[name] = [...(headers[name] ?? []), line.slice(colon + 1).trim()];
  }
  return headers;
}
