import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { readAnswers } from '../support/raw-request.ts';
import { type Answer, answerOf } from './asking.ts';
import { pause } from './pause.ts';
import type { Traffic } from './visits.ts';

const body = '{"query":"{ me { loggedIn } }"}';
const request = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;

function open(url: string): Socket {
  return connect({ host: '127.0.0.1', port: Number(new URL(url).port) }).on('error', () => {});
}

/** The one answer that a socket gets until the gateway closes it. */
function answered(socket: Socket): Promise<Answer> {
  const answer = text(socket).then((all) => {
    const [first] = readAnswers(all);
    return answerOf({ status: first?.status ?? 0, text: first?.body ?? '' });
  });
  answer.catch(() => {}); // it may be dropped before anybody waits for it
  return answer;
}

/** A whole request in about two seconds, which is slow but in time. */
export async function sendSlowly({ url, random, ask }: Traffic): Promise<void> {
  await ask({
    kind: 'slow sender',
    shown: 'POST /graphql in small pieces',
    isSlowItself: true,
    async send(signal) {
      using socket = disposable(open(url));
      const answer = answered(socket);
      const length = random.integer(8, 20);
      for (let from = 0; from < request.length; from += length) {
        socket.write(request.slice(from, from + length));
        await pause(100, signal);
      }
      return await Promise.race([answer, lateAt(signal)]);
    },
    isRight: (answer) => answer.status === 200 && answer.text.includes('"loggedIn":false'),
  });
}

/** Half a request and nothing more: the gateway says so, and closes; unless the client goes first. */
export async function sendHalf({ url, random, ask, stopped }: Traffic): Promise<void> {
  const goesFirst = random.integer(1, 3) > 1;
  const half = request.slice(0, random.integer(1, request.length - body.length - 4));
  await ask({
    kind: 'sender that never ends',
    shown: JSON.stringify(half),
    isSlowItself: true,
    async send(signal) {
      using socket = disposable(open(url));
      const answer = answered(socket);
      socket.write(half);
      const gone = pause(goesFirst ? random.integer(200, 3000) : 60_000, stopped);
      return await Promise.race([
        answer,
        lateAt(signal),
        gone.then(() => answerOf({ status: 0, text: 'gone' })),
      ]);
    },
    isRight: ({ status, text }) => status === 408 || text === 'gone',
  });
}

/** A connection that is kept for a while for nothing, after a request or without one, and then dropped. */
export async function keepIdle({ url, random, ask, stopped }: Traffic): Promise<void> {
  const asksFirst = random.pick([true, false]);
  await ask({
    kind: 'idle connection',
    shown: asksFirst ? 'GET /api/user, and nothing after it' : 'a connection without a request',
    isSlowItself: true,
    async send(signal) {
      using socket = disposable(open(url));
      if (asksFirst) {
        socket.write('GET /api/user HTTP/1.1\r\nHost: localhost\r\n\r\n');
        const [chunk] = await once(socket, 'data', { signal });
        if (!String(chunk).startsWith('HTTP/1.1 200 ')) return answerOf({ status: 0, text: String(chunk) });
      }
      let wasClosed = false;
      socket.resume().once('close', () => {
        wasClosed = true;
      });
      await pause(random.integer(500, 10_000), stopped);
      return answerOf({ status: wasClosed ? 0 : 200, text: wasClosed ? 'closed by the gateway' : 'dropped' });
    },
    isRight: ({ status }) => status === 200,
  });
}

/** Dropped by a reset, as by a client that is gone. */
const disposable = (socket: Socket): Socket & Disposable =>
  Object.assign(socket, { [Symbol.dispose]: () => void socket.resetAndDestroy() });

async function lateAt(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}
