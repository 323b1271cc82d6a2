import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type RequestHandler, Router } from 'express';
import type { Failure } from '../http/failures.ts';
import { jsonBodyLimit, onlyJson } from '../http/json-body.ts';
import type { GraphqlContext } from './context.ts';
import { withRequest } from './error-format.ts';

/** `GET` and `POST /graphql`. The viewer and the request id were put on `res.locals` before. */
export function graphqlRoutes(server: ApolloServer<GraphqlContext>): Router {
  const router = Router();
  const middleware = expressMiddleware(server, {
    context: async ({ res }) => ({ viewer: res.locals.viewer }),
  });
  const apollo: RequestHandler = (req, res, next) =>
    withRequest(res.locals, () => middleware(req, res, next));
  router.get('/graphql', asGet, apollo);
  router.post('/graphql', onlyJson, express.json({ limit: jsonBodyLimit }), apollo);
  return router;
}

/** HEAD is answered as GET, without the body; and the integration insists on a parsed body where there is none. */
const asGet: RequestHandler = (req, _res, next) => {
  req.method = 'GET';
  req.body = {};
  next();
};

/** A failure around the execution, in the form that GraphQL clients read (GraphQL over HTTP, section 6.3). */
export const graphqlFailure = ({ code, message, requestId }: Failure): object => ({
  errors: [{ message, extensions: { code, requestId } }],
});
