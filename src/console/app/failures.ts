import { CombinedGraphQLErrors, ServerError, ServerParseError } from '@apollo/client/errors';

/** Why something failed on the way, where the gateway itself has not said so. */
export type FailureKind = 'unreachable' | 'late' | 'unreadable' | 'refused' | 'notListed' | 'sessionLimit';

/** A failure that can be shown: what the gateway said, in English, or what kind it is, told in the page's language. */
export type Failure = {
  message?: string;
  kind?: FailureKind;
  /** The gateway's own code, from the contract's table. */
  code?: string;
  /** Finds the failure in the gateway's log. */
  requestId?: string;
  /** The HTTP status, where nothing better is known. */
  status?: number;
};

/** A refusal of a path that is not GraphQL. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message ?? failure.kind);
    this.failure = failure;
  }
}

/** What can be shown of anything that Apollo Client or `fetch` fails with. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) return error.failure;
  if (CombinedGraphQLErrors.is(error)) return graphqlFailure(error.errors[0]);
  if (ServerError.is(error)) return bodyFailure(error.statusCode, parsed(error.bodyText));
  if (ServerParseError.is(error)) return { kind: 'unreadable', status: error.statusCode };
  if (error instanceof DOMException && error.name === 'TimeoutError') return { kind: 'late' };
  return { kind: 'unreachable' };
}

/** One of the errors of a GraphQL answer. */
export function graphqlFailure(
  error: { message: string; extensions?: Record<string, unknown> } | undefined,
): Failure {
  const { code, requestId } = error?.extensions ?? {};
  return {
    ...(error && { message: error.message }),
    ...(typeof code === 'string' && { code }),
    ...(typeof requestId === 'string' && { requestId }),
  };
}

/** The gateway's error body; what stands in front of it may answer in a form of its own. */
export function bodyFailure(status: number, body: unknown): Failure {
  if (!isObject(body)) return { kind: 'refused', status };
  const { error, code, requestId, errors } = body;
  if (Array.isArray(errors)) return graphqlFailure(errors[0]);
  if (typeof error !== 'string') return { kind: 'refused', status };
  return graphqlFailure({ message: error, extensions: { code, requestId } });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
