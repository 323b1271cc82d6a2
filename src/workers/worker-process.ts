import cluster from 'node:cluster';
import type { Begin, FromWorker, Order, Reached, ToWorker } from './worker-messages.ts';

/** How a worker ended, and how long it had listened until then, in milliseconds. */
export type WorkerEnd = {
  code: number | null;
  signal: string | null;
  /** Why it could not start, in its own words. */
  failure: string | undefined;
  listenedMillis: number;
};

/** One process that answers requests. */
export type WorkerProcess = {
  pid: number | undefined;
  /** Rejects when it ends before that, with what it said, or how it ended. */
  listening: Promise<Reached>;
  ended: Promise<WorkerEnd>;
  order(order: Order): void;
  kill(): void;
  askMetrics(id: number): void;
};

/** Starts a process that listens on the port which all share. `onMetrics` is called with each answer to `askMetrics`. */
export function startWorker(options: {
  begin: Begin;
  onMetrics: (id: number, metrics: unknown[]) => void;
}): WorkerProcess {
  const { begin, onMetrics } = options;
  const listening = Promise.withResolvers<Reached>();
  const ended = Promise.withResolvers<WorkerEnd>();
  let listenedSince: number | undefined;
  let failure: string | undefined;
  let ordered: Order | undefined;

  const worker = cluster.fork();
  // Who does not hear it any more is about to be missed by `ended`.
  const say = (message: ToWorker) => void worker.send(message, () => {});

  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'ready') say(ordered ? { kind: ordered } : begin);
    else if (message.kind === 'failed') failure = message.message;
    else if (message.kind === 'metrics') onMetrics(message.id, message.metrics);
    else {
      listenedSince = performance.now();
      listening.resolve(message);
    }
  });

  function end(code: number | null, signal: string | null): void {
    const listenedMillis = listenedSince === undefined ? 0 : performance.now() - listenedSince;
    ended.resolve({ code, signal, failure, listenedMillis });
    listening.reject(new Error(failure ?? `A worker ended before it listened (${signal ?? `code ${code}`})`));
  }
  // What it said last may be read after it is gone, but not after the channel is closed.
  worker.on('exit', (code, signal) => {
    if (worker.isConnected()) worker.once('disconnect', () => end(code, signal));
    else end(code, signal);
  });
  worker.on('error', (error) => {
    if (worker.process.pid !== undefined) return; // it runs, and did not get a message
    failure = `A worker cannot be started: ${error.message}`;
    end(null, null);
  });
  listening.promise.catch(() => {}); // of a later start nobody waits for it

  return {
    pid: worker.process.pid,
    listening: listening.promise,
    ended: ended.promise,
    order(order) {
      ordered = order;
      if (worker.isConnected()) say({ kind: order });
    },
    kill: () => void worker.process.kill('SIGKILL'),
    askMetrics(id) {
      if (worker.isConnected()) say({ kind: 'metrics', id });
    },
  };
}
