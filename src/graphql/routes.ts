import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { Router } from 'express';
import type { GraphqlContext } from './context.ts';

/** The largest request body, in bytes. */
const bodyLimit = '100kb';

/** `GET` and `POST /graphql`. The viewer and the request id were put on `res.locals` before. */
export function graphqlRoutes(server: ApolloServer<GraphqlContext>): Router {
  const router = Router();
  const apollo = expressMiddleware(server, {
    context: async ({ res }) => ({ viewer: res.locals.viewer, requestId: res.locals.requestId }),
  });
  router.get('/graphql', withEmptyBody, apollo);
  router.post('/graphql', express.json({ limit: bodyLimit }), apollo);
  return router;
}

/** The integration insists on a parsed body, also where there is none. */
const withEmptyBody: express.RequestHandler = (req, _res, next) => {
  req.body = {};
  next();
};
