import { parentPort } from 'node:worker_threads';
import type { EndpointName, Fault } from '../../src/sandbox/endpoint-gate.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';

/**
 * A program of its own, for a thread: the clouds of the sandbox, which must not be in the process that is measured.
 * Each message has all the faults that are to be on from now on; the answer, when they are, has how often each of their
 * endpoints was called so far.
 */

const sandbox = await startSandbox({ nodeEnv: undefined });
parentPort?.on('message', (faults: [EndpointName, Fault][]) => {
  sandbox.faults.clear();
  for (const [endpoint, fault] of faults) sandbox.faults.set(endpoint, fault);
  sandbox.awsRequests.length = 0; // nobody here looks at them
  parentPort?.postMessage(new Map(faults.map(([endpoint]) => [endpoint, sandbox.calls.count(endpoint)])));
});
parentPort?.postMessage({ env: sandbox.env, certificate: sandbox.certificate });
