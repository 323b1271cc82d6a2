import { operationLimits } from './operation-limits.ts';

/** What is looked at of an error, before or after Apollo has formatted it. */
type Told = {
  message: string;
  path?: readonly (string | number)[] | undefined;
  extensions?: Record<string, unknown> | undefined;
};

/** Codes of Apollo's own refusals, whose messages are written for the client. */
const requestCodes = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'FORBIDDEN_ORIGIN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** A variable may be null where its argument may not, when it has a default; that shows in the execution alone. */
const argument = /^Argument "\w+" of (required|non-null) type /;

/** Refusals that come without a code, or with one that is too general, by how their message begins. */
const codesByMessage: [RegExp, string][] = [
  [/^GET requests only support query operations/, 'METHOD_NOT_ALLOWED'],
  [/^GET requests may not have a content-type header/, 'UNSUPPORTED_MEDIA_TYPE'],
  [/^Too many errors processing variables/, 'BAD_USER_INPUT'],
  [argument, 'BAD_USER_INPUT'],
];

/**
 * The code of an error that says what is wrong with the request, so that its message is for the client and nothing is
 * logged; undefined for failures of ours. A code that an error of a field brings along is none: any library may have
 * put it there.
 */
export function requestCodeOf({ message, path, extensions }: Told): string | undefined {
  const [, byMessage] = codesByMessage.find(([pattern]) => pattern.test(message)) ?? [];
  if (byMessage !== undefined) return byMessage;
  const code = extensions?.code;
  return path === undefined && typeof code === 'string' && requestCodes.has(code) ? code : undefined;
}

/** Refusals that name an argument and its type. */
export const isAboutArgument = (message: string): boolean => argument.test(message);

/** What the client is told where the message of the library is of no use, by that message. */
const clearer: [RegExp, string][] = [
  [
    /^Syntax Error: Document contains more that \d+ tokens/,
    `The operation has more than the ${operationLimits.tokens} tokens that are allowed`,
  ],
  [/^Validation aborted\.$/, 'The operation has too many fields that may stand for each other'],
  [/recursively requests too many selections\.$/, 'The fragments of the operation come to too many fields'],
];

/** Refusals for the size of an operation, which name nothing of the schema. */
export const clearerMessage = (message: string): string | undefined =>
  clearer.find(([pattern]) => pattern.test(message))?.[1];
