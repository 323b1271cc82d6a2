import { GatewayError } from '../errors.ts';
import { type Eventual, isPromise } from '../eventual.ts';

/**
 * What the store answers. One that cannot is an outage, never "signed out".
 *
 * @throws GatewayError SESSION_STORE_UNAVAILABLE
 */
export function asked<T>(answer: Promise<T>): Promise<T>;
export function asked<T>(answer: Eventual<T>): Eventual<T>;
export function asked<T>(answer: Eventual<T>): Eventual<T> {
  return isPromise(answer) ? answer.catch(outage) : answer;
}

function outage(cause: unknown): never {
  throw new GatewayError(
    'SESSION_STORE_UNAVAILABLE',
    'The session store does not answer; try again shortly',
    { cause, details: { retryAfterSeconds: 1 } },
  );
}
