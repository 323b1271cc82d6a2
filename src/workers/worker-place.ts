import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { Begin, Order, Reached } from './worker-messages.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

/** The pause before a worker is started again, in milliseconds: it doubles from the first to the longest. */
const pauses = { firstMillis: 100, mostMillis: 10_000 };

/** Who has listened for so long was well, and begins with the first pause anew, in milliseconds. */
const healthyMillis = 60_000;

/** The pause before the next start, after the one before (undefined: none), of a worker that listened for so long. */
export function nextPause(lastMillis: number | undefined, listenedMillis: number): number {
  if (lastMillis === undefined || listenedMillis >= healthyMillis) return pauses.firstMillis;
  return Math.min(2 * lastMillis, pauses.mostMillis);
}

/** The place of one worker: where one ends, another one begins, until it is told to stop. */
export type WorkerPlace = {
  /** The process that has it now, were it on its way to an end; undefined in a pause. */
  current(): WorkerProcess | undefined;
  /**
   * Resolves when the first process listens.
   *
   * @throws Error with what the process said when it ends before that; then the place stays empty
   */
  start(): Promise<Reached>;
  /** Starts no more, and has the process end. Resolves when it is gone. Told again, the later order holds. */
  stop(order: Order): Promise<void>;
};

export function createWorkerPlace(options: {
  /** Counts from 1; only the log has it. */
  number: number;
  log: Log;
  /** Asked anew for each process. */
  begin: () => Begin;
  onMetrics: (process: WorkerProcess, id: number, metrics: unknown[]) => void;
  /** Called when a process has ended, whyever. */
  onEnd: (process: WorkerProcess) => void;
}): WorkerPlace {
  const { number, log, begin, onMetrics, onEnd } = options;
  const stopping = new AbortController();
  let current: WorkerProcess | undefined;
  let kept: Promise<void> | undefined;

  function fork(): WorkerProcess {
    const worker = startWorker({
      begin: begin(),
      onMetrics: (id, metrics) => onMetrics(worker, id, metrics),
    });
    current = worker;
    return worker;
  }

  async function untilEnded(worker: WorkerProcess) {
    const how = await worker.ended;
    current = undefined;
    onEnd(worker);
    return how;
  }

  async function keep(first: WorkerProcess): Promise<void> {
    let worker = first;
    let pauseMillis: number | undefined;
    for (let hasStarted = false; ; ) {
      const { pid } = worker;
      const { code, signal, failure, listenedMillis } = await untilEnded(worker);
      hasStarted ||= listenedMillis > 0;
      if (stopping.signal.aborted || !hasStarted) return;
      pauseMillis = nextPause(pauseMillis, listenedMillis);
      const seen = { worker: number, pid, exitCode: code, signal, pauseMillis };
      const err = failure === undefined ? undefined : Object.assign(new Error(failure), { stack: '' });
      log.error({ ...seen, err }, 'A worker ended; another one is started after a pause');
      await delay(pauseMillis, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      worker = fork();
      const { listening, pid: next } = worker;
      listening.then(
        () => log.info({ worker: number, pid: next }, 'A worker listens again'),
        () => {},
      );
    }
  }

  return {
    current: () => current,
    start() {
      const first = fork();
      kept = keep(first);
      return first.listening;
    },
    async stop(order) {
      stopping.abort();
      current?.order(order);
      await kept;
    },
  };
}
