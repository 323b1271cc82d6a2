import type { ErrorCode } from '../errors.ts';
import { successorOf } from './api-links.ts';
import { failureOf, failureResponses } from './openapi-failures.ts';
import { allowHeader, commonHeaders, header, limitHeaders } from './openapi-headers.ts';
import type { SchemaName } from './openapi-schemas.ts';

export type Headers = Record<string, object>;
export type Response = { description: string; headers?: Headers; content?: Record<string, object> };

/** What there is to say of one path; all that follows from that is added by `pathItem`. */
export type Operation = {
  method: 'GET' | 'POST';
  operationId: string;
  tag: string;
  summary: string;
  description: string;
  parameters?: readonly object[];
  requestBody?: object;
  /** Answers that are no refusal, by status. */
  answers: Record<number, Response>;
  /** Codes of the refusals that are this path's own. */
  refusals: readonly ErrorCode[];
  /** Whether it is answered to somebody who is signed out too; `ignored` for a path that reads no session. */
  session: 'required' | 'optional' | 'ignored';
  /** Probes are neither counted nor masked. */
  isProbe?: true;
  /** A browser that goes there is answered refusals as a page. */
  isVisited?: true;
};

/** A JSON answer; `examples` by what they show. */
export const answer = (
  schema: SchemaName,
  description: string,
  examples: Record<string, unknown> = {},
): Response => ({
  description,
  content: {
    'application/json': {
      schema: { $ref: `#/components/schemas/${schema}` },
      ...(Object.keys(examples).length > 0 && {
        examples: Object.fromEntries(
          Object.entries(examples).map(([summary, value], at) => [`example${at + 1}`, { summary, value }]),
        ),
      }),
    },
  },
});

/** What Node's parser refuses before there is a path, so without the headers that tell of one. */
const unreadable = {
  408: { code: 'BAD_REQUEST', description: 'The request took too long to arrive.' },
  413: { code: 'PAYLOAD_TOO_LARGE', description: 'The chunk extensions of the body are too large.' },
  431: { code: 'BAD_REQUEST', description: 'The headers are larger than 16 kB, cookies and path included.' },
} satisfies Record<number, { code: ErrorCode; description: string }>;

/** These refusals, for `components.responses`. */
export const unreadableResponses = Object.fromEntries(
  Object.entries(unreadable).map(([status, { code, description }]) => [
    `Unreadable${status}`,
    {
      description,
      headers: { 'X-Request-Id': header('X-Request-Id'), 'Cache-Control': header('Cache-Control') },
      content: { 'application/json': { schema: failureOf([code]) } },
    },
  ]),
);

const unreadableRefs = Object.fromEntries(
  Object.keys(unreadable).map((status) => [status, { $ref: `#/components/responses/Unreadable${status}` }]),
);

/** What may be refused on any path, by any method. */
const refusedAnywhere: ErrorCode[] = ['BAD_REQUEST', 'UNSUPPORTED_MEDIA_TYPE', 'METHOD_NOT_ALLOWED'];

const securities = {
  required: [{ session: [] }],
  optional: [{}, { session: [] }],
  ignored: [],
} satisfies Record<Operation['session'], object[]>;

/**
 * The path item of an operation, with all that every path may answer. HEAD and OPTIONS are not in it: they go without
 * saying, and whoever makes a client of the document wants no function for them.
 */
export function pathItem(path: string, operation: Operation): Record<string, object> {
  const { method } = operation;
  const methods = method === 'GET' ? ['HEAD', 'GET', 'OPTIONS'] : ['POST', 'OPTIONS'];
  return { [method.toLowerCase()]: described(path, operation, methods) };
}

function described(path: string, operation: Operation, methods: readonly string[]) {
  const { operationId, summary, description, parameters, requestBody, session, isProbe } = operation;
  const successor = successorOf(path);
  const common = { ...commonHeaders(path), ...(isProbe ? {} : limitHeaders) };
  return {
    operationId,
    tags: [operation.tag],
    summary,
    description: successor === undefined ? description : `${description}\n\n${replacedBy(successor)}`,
    ...(successor !== undefined && { deprecated: true }),
    security: securities[session],
    ...(parameters && { parameters }),
    ...(requestBody && { requestBody }),
    responses: {
      ...unreadableRefs,
      ...withHeaders(operation.answers, common),
      ...(200 in operation.answers && { 304: unchanged(common) }),
      ...refusals(path, operation, methods),
    },
  };
}

function refusals(path: string, operation: Operation, methods: readonly string[]): Record<string, Response> {
  const codes: ErrorCode[] = [...refusedAnywhere, ...operation.refusals];
  if (!operation.isProbe) codes.push('RATE_LIMITED', 'INTERNAL_SERVER_ERROR');
  const responses = failureResponses(codes, (status) => ({
    ...commonHeaders(path),
    ...(status !== 405 && !operation.isProbe && limitHeaders),
    ...([429, 503].includes(status) && { 'Retry-After': header('Retry-After') }),
    ...(status === 405 && { Allow: allowHeader(methods) }),
  }));
  if (!operation.isVisited) return responses;
  const { 405: notAllowed, ...visited } = responses;
  return { ...mapValues(visited, withPage), ...(notAllowed && { 405: notAllowed }) };
}

/** The console, with the refusal in it, to whoever accepts `text/html` rather than JSON. */
const withPage = (response: Response): Response => ({
  ...response,
  content: { ...response.content, 'text/html': { schema: { type: 'string' } } },
});

const mapValues = <T>(values: Record<string, T>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));

const withHeaders = (answers: Record<number, Response>, common: Headers): Record<string, Response> =>
  Object.fromEntries(
    Object.entries(answers).map(([status, said]) => [
      status,
      { ...said, headers: { ...common, ...said.headers } },
    ]),
  );

const unchanged = (headers: Headers): Response => ({
  description:
    'The request had `If-None-Match: *`, that is, asked for nothing that exists. There is no body.',
  headers,
});

const replacedBy = (successor: string): string =>
  `Deprecated in favour of the GraphQL field \`${successor}\` (\`POST /graphql\`); it goes on answering, and no end is planned.`;
