/**
 * The gateway's own codes, with the HTTP status that each has on REST. GraphQL answers carry them in
 * `extensions.code`, beside Apollo's own for operations that are not right.
 */
export const statusByCode = {
  BAD_REQUEST: 400,
  OAUTH_STATE_INVALID: 400,
  SIGN_IN_FAILED: 401,
  UNAUTHENTICATED: 401,
  REAUTH_REQUIRED: 401,
  FORBIDDEN_ORIGIN: 403,
  NOT_FOUND: 404,
  ACCOUNT_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  AZURE_AUTHENTICATION_FAILED: 500,
  AZURE_FORBIDDEN: 500,
  AZURE_THROTTLED: 500,
  AZURE_TIMEOUT: 500,
  AZURE_UNAVAILABLE: 500,
  AZURE_BAD_RESPONSE: 500,
  AWS_ROLE_INVALID: 400,
  AWS_ROLE_REFUSED: 403,
  AWS_TRUST_TOO_OPEN: 403,
  AWS_UNAVAILABLE: 502,
  SESSION_STORE_UNAVAILABLE: 503,
  LOGOUT_INCOMPLETE: 503,
  CONFLICT: 503,
  INTERNAL_SERVER_ERROR: 500,
} as const;

export type ErrorCode = keyof typeof statusByCode;

/** Facts that go to the client beside the message. `retryAfterSeconds` is whole seconds. */
export type ErrorDetails = { tenantId?: string; retryAfterSeconds?: number };

/**
 * A failure that the caller may be told about: its message is written for the client and says what to do.
 * Everything else that is thrown is masked (see `graphql/error-format.ts`, `http/failures.ts`).
 * `cause` goes to the log only.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** The HTTP status on REST. */
  readonly status: number;

  /** `status`: where the code's own is too general. */
  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: ErrorDetails; status?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.status = options.status ?? statusByCode[code];
  }

  /** Whether the operator wants to know: something failed, beyond the caller having asked for the wrong thing. */
  get isIncident(): boolean {
    return this.status >= 500 || this.cause !== undefined;
  }
}

/** A sign-out that is not known to have come about: the session may still be there. */
export const logoutIncomplete = (cause: unknown): GatewayError =>
  new GatewayError('LOGOUT_INCOMPLETE', 'The session could not be deleted; try to sign out again', {
    cause,
    details: { retryAfterSeconds: 1 },
  });

/** What a client is told of a failure that nobody foresaw; the cause is in the log under the request id. */
export const maskedMessage = 'Internal server error';
