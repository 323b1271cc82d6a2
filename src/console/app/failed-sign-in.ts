import type { Failure } from './failures.ts';

/** A sign-in that has just failed, and the front end that it was for when that is not this console. */
export type FailedSignIn = { failure: Failure; frontEnd?: string };

/**
 * What the gateway wrote into the page when it answered a failed sign-in with it (see `pages.ts`). The address goes
 * with it: it still holds the authorization code, and reading it again would only fail again.
 */
export function takeFailedSignIn(): FailedSignIn | undefined {
  const element = document.getElementById('failed-sign-in');
  if (!element) return undefined;
  element.remove();
  history.replaceState(null, '', '/');
  const { code, requestId, frontEnd } = element.dataset;
  const message = element.querySelector('p')?.textContent ?? '';
  return {
    failure: { message, ...(code && { code }), ...(requestId && { requestId }) },
    ...(frontEnd && { frontEnd }),
  };
}
