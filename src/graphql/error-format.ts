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
]);

/**
 * What the client sees of an error: a GatewayError with its code and details, Apollo's refusals as they are, and
 * of anything else only that it happened. In production too Apollo would send a resolver's raw message.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { locations, path } = formatted;
  const at = { ...(locations && { locations }), ...(path && { path }) };
  const cause = unwrapResolverError(error);
  if (cause instanceof GatewayError) {
    return { message: cause.message, ...at, extensions: { code: cause.code, ...cause.details } };
  }
  const code = formatted.extensions?.code;
  if (typeof code === 'string' && requestCodes.has(code) && cause === error) {
    return { message: formatted.message, ...at, extensions: { code } };
  }
  return { message: maskedMessage, ...at, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}
