import type { IncomingMessage } from 'node:http';
import accepts from 'accepts';
import type { Request, RequestHandler } from 'express';
import { GatewayError } from '../errors.ts';
import { createRecentlyUsed } from '../recently-used.ts';

/**
 * The media types of GraphQL over HTTP (section 4.1). Clients of the first expect statuses to tell how a request went;
 * under the second, statuses other than 200 are for requests that are no GraphQL request.
 */
const graphqlResponse = 'application/graphql-response+json; charset=utf-8';
const json = 'application/json; charset=utf-8';
export const mediaTypes: readonly string[] = [json, graphqlResponse];

const negotiated = createRecentlyUsed<string>({ most: 100, forMillis: 600_000 });

/** The media type in which GraphQL answers a request with this `Accept`; undefined where it takes neither. */
export function mediaTypeFor(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === '*/*') return json;
  const known = negotiated.get(accept);
  if (known !== undefined) return known;
  const type = accepts({ headers: { accept } } as IncomingMessage).type([...mediaTypes]);
  if (typeof type !== 'string') return undefined;
  if (accept.length <= longestKept) negotiated.set(accept, type);
  return type;
}

/** In characters; those of front ends are shorter. */
const longestKept = 200;

/**
 * Settles in which media type GraphQL answers, and leaves that alone in `Accept`, so that all who look at it agree;
 * and before anything is executed, as Apollo would run a mutation whose answer nobody takes.
 */
export const settleMediaType: RequestHandler = (req, _res, next) => {
  const type = mediaTypeFor(req.headers.accept);
  if (type === undefined)
    throw new GatewayError(
      'BAD_REQUEST',
      'GraphQL answers in application/graphql-response+json or application/json; accept one of them',
      { status: 406 },
    );
  req.headers.accept = type;
  next();
};

/** Whether a client with this settled `Accept` reads failures from the status. */
export const readsStatus = (accept: string | undefined): boolean => accept === graphqlResponse;

/** The media type of failures around the execution. */
export const failureType = (req: Request): string =>
  readsStatus(req.headers.accept) ? graphqlResponse : json;
