import { GatewayError } from '../errors.ts';

/**
 * What the store answers. One that cannot is an outage, never "signed out".
 *
 * @throws GatewayError SESSION_STORE_UNAVAILABLE
 */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new GatewayError(
      'SESSION_STORE_UNAVAILABLE',
      'The session store does not answer; try again shortly',
      { cause, details: { retryAfterSeconds: 1 } },
    );
  }
}
