import { randomUUID } from 'node:crypto';

/** The error body of Entra's token and discovery endpoints. */
export type EntraError = {
  error: string;
  error_description: string;
  error_codes: number[];
  timestamp: string;
  trace_id: string;
  correlation_id: string;
};

/**
 * An error as Entra words it, the AADSTS code first: clients match on it.
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
 */
export function entraError(error: string, code: number, message: string): EntraError {
  const trace_id = randomUUID();
  const correlation_id = randomUUID();
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return {
    error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id,
    correlation_id,
  };
}

/** What discovery and token endpoints answer (400) for a tenant that does not exist. */
export function unknownTenant(tenant: string): EntraError {
  return entraError(
    'invalid_tenant',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  );
}

const MESSAGES = new Map([
  ['invalid_client', { code: 7000215, message: 'Invalid client secret provided.' }],
  [
    'invalid_grant',
    { code: 70000, message: 'The provided grant has expired, was used, or is not of this tenant.' },
  ],
  [
    'invalid_scope',
    { code: 70011, message: 'The provided value for the input parameter scope is not valid.' },
  ],
]);

/**
 * Rewords an OAuth error of the protocol library in Entra's way and keeps the library's reason; undefined when
 * `body` is no error that Entra has a number for.
 */
export function asEntraError(body: unknown): EntraError | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body) || typeof body.error !== 'string') {
    return undefined;
  }
  const known = MESSAGES.get(body.error);
  if (known === undefined) return undefined;
  const reason = 'error_description' in body ? ` (${String(body.error_description)})` : '';
  return entraError(body.error, known.code, `${known.message}${reason}`);
}
