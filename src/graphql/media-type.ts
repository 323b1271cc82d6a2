import type { Request, RequestHandler } from 'express';
import { GatewayError } from '../errors.ts';

/**
 * The media types of GraphQL over HTTP (section 4.1). Clients of the first expect statuses to tell how a request went;
 * under the second, statuses other than 200 are for requests that are no GraphQL request.
 */
const graphqlResponse = 'application/graphql-response+json; charset=utf-8';
const json = 'application/json; charset=utf-8';

/**
 * Settles in which media type GraphQL answers, and leaves that alone in `Accept`, so that all who look at it agree;
 * and before anything is executed, as Apollo would run a mutation whose answer nobody takes.
 */
export const settleMediaType: RequestHandler = (req, _res, next) => {
  const type = req.accepts([json, graphqlResponse]);
  if (type === false)
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
