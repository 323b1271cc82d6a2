import { connect, type Socket } from 'node:net';
import { isComplete } from './answers.ts';
import type { Input } from './inputs.ts';
import { type Patience, whenLate } from './lateness.ts';

/** What came back for an input. */
export type Exchange = {
  /** Everything that was received, in latin1. */
  received: string;
  /** `answered` on a connection that may go on, `closed` by the gateway, or neither in time. */
  end: 'answered' | 'closed' | 'silent';
  /** The input that the same connection was used for before: it may be what broke it. */
  after?: number | undefined;
};

export type SenderOptions = Patience & { port: number };

/** Sends one input after the other. */
export type Sender = { send(input: Input): Promise<Exchange>; close(): void };

/**
 * Requests go over a connection that is kept, and bytes over one of their own. A kept connection may have been closed
 * at the very time it was used again: then the request is sent once more, over a new one.
 */
export function createSender(options: SenderOptions): Sender {
  let kept: KeptConnection | undefined;

  async function overKept(input: Input): Promise<Exchange> {
    if (kept?.isOver()) kept = undefined;
    const isUsed = kept !== undefined;
    kept ??= keepOpen(options);
    const exchange = await kept.ask(input);
    const isStale = isUsed && exchange.end === 'closed' && exchange.received === '';
    return isStale ? overKept(input) : exchange;
  }

  return {
    send: (input) =>
      input.endsAfterMs === undefined
        ? overKept(input)
        : pour({ ...options, pieces: input.pieces, endsAfterMs: input.endsAfterMs }),
    close: () => kept?.close(),
  };
}

/** The other side has to see an end that was sent, and to be seen sending one. */
const open = (port: number): Socket =>
  connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true }).setEncoding('latin1');

type KeptConnection = { ask(input: Input): Promise<Exchange>; isOver(): boolean; close(): void };

/**
 * A connection for one request at a time. When an answer announces the connection's end, that has to come too; what
 * comes after an answer is taken for a part of the next one, which it spoils.
 */
function keepOpen(options: SenderOptions): KeptConnection {
  const socket = open(options.port);
  let received = '';
  let isHead = false;
  let after: number | undefined;
  let isOver = false;
  let settle: ((end: Exchange['end']) => void) | undefined;
  const closed = () => {
    isOver = true;
    settle?.('closed');
  };
  socket.on('end', closed).on('error', closed).on('close', closed);
  socket.on('data', (text: string) => {
    received += text;
    if (isComplete(received, isHead)) settle?.('answered');
  });
  return {
    isOver: () => isOver,
    close: () => void socket.destroy(),
    ask: (input) =>
      new Promise((resolve) => {
        const stopWaiting = whenLate(options, () => settle?.('silent'));
        settle = (end) => {
          stopWaiting();
          settle = undefined;
          isOver ||= end === 'silent';
          if (isOver) socket.destroy();
          resolve({ received, end, after });
          received = '';
          after = input.index;
        };
        isHead = input.isHead;
        for (const piece of input.pieces) socket.write(piece, 'latin1');
      }),
  };
}

/** Bytes as they come, the end of this side after some silence, and all that comes back until the other side ends. */
function pour(options: SenderOptions & { pieces: string[]; endsAfterMs: number }): Promise<Exchange> {
  const { port, pieces, endsAfterMs } = options;
  const socket = open(port);
  return new Promise((resolve) => {
    let received = '';
    let quiet: NodeJS.Timeout | undefined;
    let stopWaiting = () => {};
    const finish = (end: Exchange['end']) => {
      clearTimeout(quiet);
      stopWaiting();
      socket.removeAllListeners();
      socket.on('error', () => {}).destroy();
      resolve({ received, end });
    };
    const endThisSide = () => {
      socket.end();
      stopWaiting = whenLate(options, () => finish('silent'));
    };
    socket.on('data', (text: string) => {
      received += text;
      quiet?.refresh();
    });
    const closed = () => finish('closed');
    socket.on('end', closed).on('error', closed).on('close', closed);

    let next = 0;
    const writeNext = () => {
      if (socket.destroyed) return;
      const piece = pieces[next++];
      if (piece !== undefined) socket.write(piece, 'latin1', () => setImmediate(writeNext));
      else if (endsAfterMs === 0) endThisSide();
      else quiet = setTimeout(endThisSide, endsAfterMs);
    };
    socket.once('connect', writeNext);
  });
}
