import { connect, type Socket } from 'node:net';
import { checkAnswer, type ExpectedAnswer } from './load-answer.ts';

/** One connection, with one request at a time. */
export type LoadConnection = {
  /** Sends the request of this session; `onAnswer` is called when it is answered. Only when nothing is under way. */
  send(session: number): void;
  close(): void;
};

const bufferBytes = 32 * 1024;

/**
 * A keep-alive connection; one that the server closes after an answer is opened anew for the next request, as a
 * client has to. `onFailure` is called for a wrong answer, or one that does not come, and nothing after it.
 */
export function openLoadConnection(options: {
  port: number;
  requests: readonly Buffer[];
  expected: ExpectedAnswer;
  onAnswer(): void;
  onFailure(error: unknown): void;
}): LoadConnection {
  const { port, requests, expected, onAnswer, onFailure } = options;
  const buffer = Buffer.allocUnsafe(bufferBytes);
  let socket: Socket | undefined;
  let session = -1;
  /** What has come of an answer that did not come in one piece. */
  let parts: Buffer | undefined;

  function onRead(length: number): boolean {
    try {
      if (session < 0) throw new Error('An answer to no request');
      if (parts) parts = Buffer.concat([parts, buffer.subarray(0, length)]);
      const state = checkAnswer(parts ?? buffer, parts?.length ?? length, session, expected);
      if (state === 'part') {
        parts ??= Buffer.from(buffer.subarray(0, length));
        return true;
      }
      session = -1;
      parts = undefined;
      if (state === 'closing') close();
      onAnswer();
    } catch (error) {
      close();
      onFailure(error);
    }
    return true;
  }

  /** What ends without anybody having closed it ends in the middle of something. */
  function opened(): Socket {
    const made = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: { buffer, callback: onRead },
    });
    made.on('error', onFailure);
    made.on('close', () => {
      if (socket === made) onFailure(new Error('The server closed a connection without an answer'));
    });
    return made;
  }

  function close(): void {
    const closed = socket;
    socket = undefined;
    closed?.destroy();
  }

  return {
    send(next) {
      session = next;
      socket ??= opened();
      socket.write(requests[next % requests.length] ?? '');
    },
    close,
  };
}
