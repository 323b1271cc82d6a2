import { parentPort, workerData } from 'node:worker_threads';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startStsDouble } from '../doubles/sts-double.ts';
import type { OutsideOptions } from './outside-thread.ts';

/**
 * A program of its own, for a thread: the clouds of the sandbox, and for AWS the double, because that one speaks plain
 * http: the sandbox's would cost a TLS handshake for each role that is connected.
 */

const { roleArns, listingMillis }: OutsideOptions = workerData;
const sandbox = await startSandbox({ nodeEnv: undefined });
sandbox.faults.set('arm.subscriptions', { delayMs: listingMillis });
const sts = await startStsDouble();
for (const roleArn of roleArns) sts.roles.set(roleArn, { externalId: 'any' });
parentPort?.postMessage({ env: { ...sandbox.env, ...sts.env }, certificate: sandbox.certificate });
