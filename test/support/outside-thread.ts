import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export type OutsideOptions = {
  /** The roles that the gateway may assume, with any external id, and not without. */
  roleArns: readonly string[];
  /** How long Azure takes to list subscriptions, in milliseconds. */
  listingMillis: number;
};

export type OutsideThread = AsyncDisposable & {
  /** The variables that point a gateway at these clouds. */
  env: Record<string, string>;
  /** PEM of the certificate that the gateway has to trust. */
  certificate: string;
};

/** The clouds in a thread of their own, for tests that ask a gateway for more than one thread can answer. */
export async function startOutsideThread(options: OutsideOptions): Promise<OutsideThread> {
  const thread = new Worker(new URL('./outside-program.ts', import.meta.url), { workerData: options });
  const [{ env, certificate }] = await once(thread, 'message');
  return {
    env,
    certificate,
    async [Symbol.asyncDispose]() {
      await thread.terminate();
    },
  };
}
