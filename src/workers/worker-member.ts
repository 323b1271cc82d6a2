import cluster, { type Worker } from 'node:cluster';
import tls from 'node:tls';
import type { Begin, FromWorker, Reached, ToWorker } from './worker-messages.ts';

/** What a worker does when it is told to, or when the process that has started it is gone. */
export type Duties = {
  /** Finishes what is in flight, and ends. Told more than once it is no different. */
  drain(): void;
  /** Ends now. */
  end(): void;
  /** The process that has started it is dead. */
  abandoned(): void;
  /** What is measured. */
  metrics(): Promise<unknown[] | undefined>;
};

/** The process that started this one, as this one sees it. */
export type Primary = {
  /** What to begin with; the sandbox's certificate is trusted by then. */
  begin: Promise<Begin>;
  listening(reached: Reached): void;
  /** Resolves when it is told, so that this process may end. */
  failed(message: string): Promise<void>;
};

/**
 * Joins the process that has started this one as a worker, and does what it says from then on.
 *
 * @throws Error when nobody has
 */
export function joinPrimary(duties: Duties): Primary {
  const { worker } = cluster;
  if (!worker) throw new Error('--worker is for the processes that WORKERS starts');
  const begin = Promise.withResolvers<Begin>();
  // Node would end this process here and now, in the middle of requests and of what is being written.
  worker.once('disconnect', () => {
    worker.exitedAfterDisconnect = true;
    duties.abandoned();
  });
  worker.on('error', () => {}); // of what it says to one that has just died; `disconnect` follows
  worker.on('message', (message: ToWorker) => {
    if (message.kind === 'begin') begin.resolve(trusting(message));
    else if (message.kind === 'metrics') void tellMetrics(worker, message.id, duties.metrics());
    else duties[message.kind]();
  });
  void say(worker, { kind: 'ready' });
  return {
    begin: begin.promise,
    listening: (reached) => void say(worker, { kind: 'listening', ...reached }),
    failed: (message) => say(worker, { kind: 'failed', message }),
  };
}

/** As NODE_EXTRA_CA_CERTS would do it. */
function trusting(begin: Begin): Begin {
  if (begin.certificate !== undefined)
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), begin.certificate]);
  return begin;
}

async function tellMetrics(worker: Worker, id: number, measured: Promise<unknown[] | undefined>) {
  const metrics = await measured.catch(() => undefined);
  if (metrics) await say(worker, { kind: 'metrics', id, metrics });
}

/** Never rejects: who is not there to hear it is missed elsewhere. */
const say = (worker: Worker, message: FromWorker): Promise<void> =>
  new Promise((resolve) => worker.send(message, () => resolve()));
