import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type RequestHandler, Router } from 'express';
import type { Failure } from '../http/failures.ts';
import type { GraphqlContext } from './context.ts';
import { withRequestId } from './error-format.ts';

/** The largest request body, in bytes. */
const bodyLimit = '100kb';

/** `GET` and `POST /graphql`. The viewer and the request id were put on `res.locals` before. */
export function graphqlRoutes(server: ApolloServer<GraphqlContext>): Router {
  const router = Router();
  const middleware = expressMiddleware(server, {
    context: async ({ res }) => ({ viewer: res.locals.viewer, requestId: res.locals.requestId }),
  });
  const apollo: RequestHandler = (req, res, next) =>
    withRequestId(res.locals.requestId, () => middleware(req, res, next));
  router.get('/graphql', withEmptyBody, apollo);
  router.post('/graphql', express.json({ limit: bodyLimit }), apollo);
  return router;
}

/** The integration insists on a parsed body, also where there is none. */
const withEmptyBody: RequestHandler = (req, _res, next) => {
  req.body = {};
  next();
};

/** A failure around the execution, in the form that GraphQL clients read (GraphQL over HTTP, section 6.3). */
export const graphqlFailure = ({ code, message, requestId }: Failure): object => ({
  errors: [{ message, extensions: { code, requestId } }],
});
