import { type ErrorCode, GatewayError } from '../../errors.ts';

type Failure = { tenantId: string; timedOut: boolean; timeoutMs: number };

/** What the SDKs' errors have in common, as far as it is looked at here. */
type SdkError = Error & {
  statusCode?: number;
  code?: string;
  response?: { headers?: { get(name: string): string | undefined } };
};

/**
 * Turns what the Azure SDKs throw into a GatewayError that names the tenant, what failed and the mend.
 * They tell failures apart by `name`, `statusCode` and `code` alone; their messages say little.
 */
export function azureError(error: unknown, failure: Failure): GatewayError {
  if (error instanceof GatewayError) return error;
  const { tenantId } = failure;
  const sdkError: SdkError = error instanceof Error ? error : new Error('unknown');
  const { statusCode } = sdkError;
  const named = (code: ErrorCode, reason: string, retryAfterSeconds?: number) =>
    new GatewayError(code, `Listing the Azure subscriptions of tenant ${tenantId} failed: ${reason}`, {
      cause: error,
      details: { tenantId, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
    });

  if (failure.timedOut) {
    return named('AZURE_TIMEOUT', `Azure did not answer within ${failure.timeoutMs} ms; try again later`);
  }
  if (statusCode === 429) {
    const retryAfterSeconds = retryAfter(sdkError);
    const when = retryAfterSeconds === undefined ? 'later' : `in ${retryAfterSeconds} seconds`;
    return named(
      'AZURE_THROTTLED',
      `Azure limits the rate of requests (429); try again ${when}`,
      retryAfterSeconds,
    );
  }
  if (sdkError.name === 'AuthenticationError' && statusCode !== undefined && statusCode < 500) {
    return named(
      'AZURE_AUTHENTICATION_FAILED',
      'the app registration could not authenticate in this tenant; check AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, ' +
        'and that an administrator of the tenant has consented to the application',
    );
  }
  if (statusCode === 401) {
    return named(
      'AZURE_AUTHENTICATION_FAILED',
      "Azure refused the app registration's token (401); check AZURE_CLOUD",
    );
  }
  if (statusCode === 403) {
    return named(
      'AZURE_FORBIDDEN',
      'the app registration is not allowed to (403); give it the Reader role on the subscriptions of this tenant',
    );
  }
  if (statusCode !== undefined && statusCode >= 500) {
    return named('AZURE_UNAVAILABLE', `Azure answered ${statusCode}; try again later`);
  }
  if (isConnectionFailure(sdkError)) {
    return named('AZURE_UNAVAILABLE', 'Azure could not be reached; check the network, and try again later');
  }
  return named('AZURE_BAD_RESPONSE', 'Azure answered with something that is not a list of subscriptions');
}

/** Whole seconds of a Retry-After header; dates are rounded up (RFC 9110, section 10.2.3). */
function retryAfter(error: SdkError): number | undefined {
  const header = error.response?.headers?.get('retry-after');
  if (!header) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const milliseconds = Date.parse(header) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, Math.ceil(milliseconds / 1000)) : undefined;
}

/** Connection failures carry Node's code or the pipeline's; MSAL wraps them as its own network errors. */
function isConnectionFailure(error: SdkError): boolean {
  const codes = ['REQUEST_SEND_ERROR', 'network_error', 'endpoints_resolution_error', 'openid_config_error'];
  return /^E[A-Z]+$/.test(error.code ?? '') || codes.includes(error.code ?? '') || isNamed(error, codes);
}

const isNamed = (error: SdkError, codes: string[]): boolean =>
  'errorCode' in error && typeof error.errorCode === 'string' && codes.includes(error.errorCode);
