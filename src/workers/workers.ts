import cluster from 'node:cluster';
import type { Config } from '../config.ts';
import type { Gateway } from '../gateway.ts';
import { secretFolder, withSandbox } from '../gateway-sandbox.ts';
import { createLog } from '../log.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { sandboxSecret } from '../session/sandbox-secret.ts';
import type { Begin, Reached } from './worker-messages.ts';
import { createWorkersMetrics } from './worker-metrics.ts';
import { createWorkerPlace, type WorkerPlace } from './worker-place.ts';

/** How long workers have to end by themselves when nobody is waited for, in milliseconds. */
const endMillis = 1_200;

/** The longest that `abandon` takes, in milliseconds. */
export const abandonMillis = endMillis + 500;

/** Several gateways, to the process that started them as one. */
export type Workers = Pick<Gateway, 'url' | 'port' | 'listen' | 'close' | 'abandon' | 'sandbox' | 'log'>;

/**
 * Makes `config.workers` processes that answer at one port, and are started again when they end. Each is a whole
 * gateway; this process answers no request. It accepts connections and gives them to the workers in turn (the
 * round-robin of node:cluster), runs the sandbox when that is on, and serves the metrics. Nothing is started before
 * `listen`, which throws what the first worker that fails has said.
 *
 * @throws Error when the sandbox cannot start
 */
export async function createWorkers(given: Config): Promise<Workers> {
  const log = createLog({ level: given.logLevel, secrets: given.secrets, besideOthers: true });
  const { variables, sandbox } = await beforeSandbox(given);
  // Where workers listen themselves, the port would outlive this process and those who wait at it be cut off.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ args: ['--worker'] });

  let reached: Reached | undefined;
  let stopping = false;
  let hasWarned = false;

  const alive = () => places.flatMap((place) => place.current() ?? []);
  const metrics = await createWorkersMetrics(given, { log, workers: alive });

  function begin(): Begin {
    const warns = !hasWarned;
    hasWarned = true;
    return { kind: 'begin', variables, certificate: sandbox?.certificate, warns };
  }

  const places: WorkerPlace[] = Array.from({ length: given.workers }, (_, index) =>
    createWorkerPlace({
      number: index + 1,
      log,
      begin,
      onMetrics: metrics.heard,
      onEnd(worker) {
        metrics.gone(worker);
        // The port is let go with its last worker: with PORT=0 the next one would take another.
        if (reached && alive().length === 0) variables.PORT = String(reached.port);
      },
    }),
  );

  async function abandon(): Promise<void> {
    stopping = true;
    const late = setTimeout(() => {
      for (const worker of alive()) worker.kill();
    }, endMillis);
    await Promise.all(places.map((place) => place.stop('end')));
    clearTimeout(late);
  }

  return {
    sandbox,
    log,
    url: () => reached?.url ?? '',
    port: () => reached?.port ?? given.port,

    async listen() {
      try {
        await metrics.listen();
        // The first finds what is wrong with the store or the port: it is said once, and looked at by one.
        const [first, ...others] = places;
        reached = await first?.start();
        if (!stopping) await Promise.all(others.map((place) => place.start()));
      } catch (error) {
        if (!stopping) {
          await abandon();
          throw error;
        }
      }
      // Whoever stops it ends this process too: there is nothing to announce.
      if (stopping) await new Promise<never>(() => {});
    },

    abandon,

    async close() {
      stopping = true;
      await Promise.all(places.map((place) => place.stop('drain')));
      await metrics.close();
      await sandbox?.close();
    },
  };
}

/** The sandbox, and the variables that put workers before it; all of them share its secret. */
async function beforeSandbox(
  given: Config,
): Promise<{ variables: Record<string, string>; sandbox: Sandbox | undefined }> {
  if (!given.sandbox) return { variables: {}, sandbox: undefined };
  const { config, sandbox } = await withSandbox(given, () => sandboxSecret(secretFolder(given)));
  const SESSION_SECRET = config.sessionSecrets?.join(',') ?? '';
  return { variables: { ...sandbox.env, SANDBOX: 'off', SESSION_SECRET }, sandbox };
}
