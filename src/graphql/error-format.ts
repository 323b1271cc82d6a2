import { AsyncLocalStorage } from 'node:async_hooks';
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import { GatewayError, maskedMessage } from '../errors.ts';

/** Codes of Apollo's own refusals, whose messages are written for the client. */
const requestCodes = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

const requestIds = new AsyncLocalStorage<string>();

/**
 * Runs a request so that each of its errors names it. Apollo formats errors without their request, and refuses
 * some requests (CSRF, no operation) before there is a context.
 */
export const withRequestId = <T>(requestId: string, work: () => T): T => requestIds.run(requestId, work);

/** The id of the request under way, for its errors and their causes in the log. */
export const currentRequestId = (): string | undefined => requestIds.getStore();

/**
 * What the client sees of an error: a GatewayError with its code and details, Apollo's refusals as they are, and
 * of anything else only that it happened. In production too Apollo would send a resolver's raw message.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { locations, path } = formatted;
  const { message, ...extensions } = shown(formatted, error);
  return {
    message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { ...extensions, requestId: currentRequestId() },
  };
}

function shown(formatted: GraphQLFormattedError, error: unknown): { message: string; code: string } {
  const cause = unwrapResolverError(error);
  if (cause instanceof GatewayError) return { message: cause.message, code: cause.code, ...cause.details };
  const code = formatted.extensions?.code;
  if (!isRequestCode(code)) return { message: maskedMessage, code: 'INTERNAL_SERVER_ERROR' };
  const introspects = formatted.extensions?.validationErrorCode === 'INTROSPECTION_DISABLED';
  return { message: introspects ? 'Introspection is off on this gateway' : formatted.message, code };
}

/** Whether a code says that the request was wrong, so that its message is for the client and nothing is logged. */
export const isRequestCode = (code: unknown): code is string =>
  typeof code === 'string' && requestCodes.has(code);
