import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { EndpointName, Fault } from '../../src/sandbox/endpoint-gate.ts';

export type SoakClouds = AsyncDisposable & {
  /** The variables that point a gateway at these clouds. */
  env: Record<string, string>;
  /** PEM of the certificate that the gateway has to trust. */
  certificate: string;
  /**
   * Replaces all faults; resolves when the new ones are on, with how often each of their endpoints was called so far.
   * What hangs already goes on to hang.
   */
  setFaults(faults: [EndpointName, Fault][]): Promise<Map<EndpointName, number>>;
};

/** The sandbox's clouds in a thread of their own, so that neither the gateway nor the traffic waits for their work. */
export async function startSoakClouds(): Promise<SoakClouds> {
  const thread = new Worker(new URL('./clouds-program.ts', import.meta.url));
  const [{ env, certificate }] = await once(thread, 'message');
  let last: Promise<Map<EndpointName, number>> = Promise.resolve(new Map());
  return {
    env,
    certificate,
    setFaults(faults) {
      last = last.then(async () => {
        thread.postMessage(faults);
        const [calls] = await once(thread, 'message');
        return calls;
      });
      return last;
    },
    async [Symbol.asyncDispose]() {
      await thread.terminate();
    },
  };
}
