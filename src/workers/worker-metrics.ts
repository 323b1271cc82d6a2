import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { createMetricsServer } from '../ops/metrics-server.ts';
import type { MetricValues } from '../ops/summed-metrics.ts';
import type { WorkerProcess } from './worker-process.ts';

/** How long a worker may take to say what it has measured, in milliseconds. */
const answerMillis = 1_000;

/** The metrics of all workers, on one port. */
export type WorkersMetrics = {
  /** @throws Error saying what to do when METRICS_PORT cannot be listened on */
  listen(): Promise<void>;
  /** An answer to `askMetrics`. */
  heard(worker: WorkerProcess, id: number, metrics: unknown[]): void;
  gone(worker: WorkerProcess): void;
  close(): Promise<void>;
};

/**
 * Serves the sum of what the workers measure at METRICS_PORT; without one it does nothing, and loads nothing. A
 * worker that does not answer in time holds nobody up: what it counted before is in the sum, and its gauges are not.
 */
export async function createWorkersMetrics(
  { metricsPort, host }: Config,
  options: { log: Log; workers: () => WorkerProcess[] },
): Promise<WorkersMetrics> {
  if (metricsPort === undefined)
    return { listen: async () => {}, heard: () => {}, gone: () => {}, close: async () => {} };
  const { createSummedMetrics } = await import('../ops/summed-metrics.ts');
  const summed = createSummedMetrics();
  const { log, workers } = options;
  const waiting = new Map<number, (worker: WorkerProcess) => void>();
  let questions = 0;

  async function text(): Promise<string> {
    const asked = workers();
    const answered = new Set<number>();
    const id = questions++;
    const all = Promise.withResolvers<void>();
    waiting.set(id, ({ pid }) => {
      answered.add(pid ?? 0);
      if (answered.size === asked.length) all.resolve();
    });
    const late = setTimeout(all.resolve, answerMillis);
    for (const worker of asked) worker.askMetrics(id);
    if (asked.length > 0) await all.promise;
    clearTimeout(late);
    waiting.delete(id);
    return summed.text(answered);
  }

  const { contentType } = summed;
  const server = createMetricsServer({ host, port: metricsPort, contentType, text });
  return {
    async listen() {
      await server.listen();
      log.info({ url: server.url() }, 'Metrics are served');
    },
    heard(worker, id, metrics) {
      summed.heard(worker.pid ?? 0, metrics as MetricValues);
      waiting.get(id)?.(worker);
    },
    gone: ({ pid }) => summed.gone(pid ?? 0),
    close: () => server.close(),
  };
}
