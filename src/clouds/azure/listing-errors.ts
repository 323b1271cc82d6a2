import { type ErrorCode, GatewayError } from '../../errors.ts';
import { BadListing } from './bad-listing.ts';
import { retryAtOf, secondsUntil } from './retry-after.ts';
import type { AuthorityAnswer } from './tenant-clients.ts';

type Failure = {
  tenantId: string;
  timeoutMs: number;
  isLate: boolean;
  /** Other tenants were being listed all the time: Azure was not asked. */
  isWaiting: boolean;
  /** Undefined: it was not asked. */
  authority: AuthorityAnswer | undefined;
};

/** What the SDKs' errors have in common, as far as it is looked at here. */
type SdkError = Error & {
  statusCode?: number;
  code?: string;
  response?: { headers?: { get(name: string): string | undefined } };
};

/** What `@azure/identity` throws, whatever the reason: wrong secret, unknown tenant, authority down. */
const identityErrors = ['AuthenticationError', 'AuthenticationRequiredError', 'CredentialUnavailableError'];

/**
 * Turns what the Azure SDKs throw into a GatewayError that names the tenant, what failed and the mend.
 * They tell failures apart by `name`, `statusCode` and `code` alone; their messages say little.
 */
export function azureError(error: unknown, failure: Failure): GatewayError {
  const { tenantId, timeoutMs, isLate, isWaiting } = failure;
  const sdkError: SdkError = error instanceof Error ? error : new Error('unknown');
  const fromAuthority = identityErrors.includes(sdkError.name);
  const authority = fromAuthority ? (failure.authority ?? 'no answer') : undefined;
  const bad = [error, authority].find((each) => each instanceof BadListing);
  const { status, retryAt } = typeof authority === 'object' ? answered(authority) : answeredWith(sdkError);

  const named = (code: ErrorCode, reason: string, retryAfterSeconds?: number) =>
    new GatewayError(code, `Listing the Azure subscriptions of tenant ${tenantId} failed: ${reason}`, {
      cause: error,
      details: { tenantId, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
    });

  if (bad) return named('AZURE_BAD_RESPONSE', `Azure's answer cannot be used: ${bad.message}`);
  if (isLate && isWaiting) {
    return named('AZURE_TIMEOUT', `too many other tenants were listed for ${timeoutMs} ms; try again later`);
  }
  if (isLate) {
    return named('AZURE_TIMEOUT', `Azure did not answer within ${timeoutMs} ms; try again later`);
  }
  if (status === 429) return throttledError(tenantId, secondsUntil(retryAt), error);
  if (status !== undefined && status >= 500) {
    return named('AZURE_UNAVAILABLE', `Azure answered ${status}; try again later`);
  }
  if (isConnectionFailure(sdkError) || authority === 'no answer') {
    return named('AZURE_UNAVAILABLE', 'Azure could not be reached; check the network, and try again later');
  }
  if (fromAuthority && status !== undefined && status >= 400) {
    return named(
      'AZURE_AUTHENTICATION_FAILED',
      'the app registration could not authenticate in this tenant; check AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, ' +
        'and that the tenant exists and an administrator of it has consented to the application',
    );
  }
  if (status === 401) {
    return named(
      'AZURE_AUTHENTICATION_FAILED',
      "Azure Resource Manager refused the app registration's token (401); try again for a new one, and check AZURE_CLOUD",
    );
  }
  if (status === 403) {
    return named(
      'AZURE_FORBIDDEN',
      'the app registration may not list them (403); give it the Reader role on the subscriptions of this tenant',
    );
  }
  return named('AZURE_BAD_RESPONSE', 'Azure answered with something that is not a list of subscriptions');
}

/** Azure wants to be left alone, for so many seconds where it says for how long. */
export function throttledError(tenantId: string, seconds: number | undefined, cause?: unknown): GatewayError {
  const when = !seconds ? 'later' : `in ${seconds} seconds`;
  return new GatewayError(
    'AZURE_THROTTLED',
    `Listing the Azure subscriptions of tenant ${tenantId} failed: Azure limits the rate of requests (429); try again ${when}`,
    { cause, details: { tenantId, ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }) } },
  );
}

type Answered = { status?: number | undefined; retryAt?: number | undefined };

const answered = (authority: Exclude<AuthorityAnswer, string>): Answered =>
  authority instanceof BadListing ? {} : authority;

const answeredWith = ({ statusCode, response }: SdkError): Answered => ({
  status: statusCode,
  retryAt: retryAtOf(response?.headers?.get('retry-after')),
});

/** Node's own codes (ECONNREFUSED, ENOTFOUND), or the pipeline's for a request that was not answered. */
const isConnectionFailure = ({ code = '' }: SdkError): boolean =>
  code === 'REQUEST_SEND_ERROR' || /^E[A-Z]+$/.test(code);
