import { AsyncLocalStorage } from 'node:async_hooks';
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import { GatewayError, maskedMessage } from '../errors.ts';
import type { RequestFacts } from '../http/locals.ts';
import { clearerMessage, isAboutArgument, requestCodeOf } from './request-errors.ts';

const requests = new AsyncLocalStorage<RequestFacts>();

/**
 * Runs a request so that each of its errors names it, and is noted with it. Apollo formats errors without their
 * request, and refuses some requests (CSRF, no operation) before there is a context.
 */
export const withRequest = <T>(request: RequestFacts, work: () => T): T => requests.run(request, work);

/** What the log says of the request under way. */
export const currentRequest = (): RequestFacts | undefined => requests.getStore();

/** The id of the request under way, for its errors and their causes in the log. */
export const currentRequestId = (): string | undefined => currentRequest()?.requestId;

/**
 * Says what the client sees of an error: a GatewayError with its code and details, Apollo's refusals as they are, and
 * of anything else only that it happened. In production too Apollo would send a resolver's raw message.
 * `hidesSchema`: what is wrong with an operation is not told, as that would tell what would be right.
 */
export function createFormatError({ hidesSchema }: { hidesSchema: boolean }) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { locations, path } = formatted;
    const { message, ...extensions } = shown(formatted, error);
    const isHidden = hidesSchema && namesSchema(formatted);
    currentRequest()?.codes.add(extensions.code);
    return {
      message: isHidden ? hiddenSchema : message.slice(0, longestMessage),
      ...(locations && { locations }),
      ...(path && { path }),
      extensions: { ...extensions, requestId: currentRequestId() },
    };
  };
}

const hiddenSchema = 'The operation does not fit the schema of this gateway';

/** What is wrong with an operation quotes it, with escapes that are longer than what they stand for; characters. */
const longestMessage = 1000;

/** Validation errors do, but for those of sizes and of introspection itself; so do those of arguments. */
const namesSchema = ({ message, extensions }: GraphQLFormattedError): boolean =>
  isAboutArgument(message) ||
  (extensions?.code === 'GRAPHQL_VALIDATION_FAILED' &&
    extensions.limit === undefined &&
    clearerMessage(message) === undefined &&
    extensions.validationErrorCode !== 'INTROSPECTION_DISABLED');

function shown(formatted: GraphQLFormattedError, error: unknown): { message: string; code: string } {
  const cause = unwrapResolverError(error);
  if (cause instanceof GatewayError) return { message: cause.message, code: cause.code, ...cause.details };
  const code = requestCodeOf(formatted);
  if (code === undefined) return { message: maskedMessage, code: 'INTERNAL_SERVER_ERROR' };
  const introspects = formatted.extensions?.validationErrorCode === 'INTROSPECTION_DISABLED';
  if (introspects) return { message: 'Introspection is off on this gateway', code };
  return { message: clearerMessage(formatted.message) ?? formatted.message, code };
}
