import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import { type RequestHandler, Router } from 'express';
import type { FailureForm } from '../http/failures.ts';
import { jsonBody } from '../http/json-body.ts';
import type { GraphqlContext } from './context.ts';
import { withRequest } from './error-format.ts';
import { failureType } from './media-type.ts';
import type { FindOperation } from './persisted-operations.ts';
import { persistedRequests } from './persisted-requests.ts';

/**
 * `GET` and `POST /graphql`. The viewer and the request id were put on `res.locals` before. `find` settles which
 * operation is asked for, where not every client may bring its own.
 */
export function graphqlRoutes(server: ApolloServer<GraphqlContext>, find?: FindOperation): Router {
  const router = Router();
  const persisted = find ? [persistedRequests(find)] : [];
  const middleware = expressMiddleware(server, {
    context: async ({ res }) => ({ viewer: res.locals.viewer }),
  });
  const apollo: RequestHandler = (req, res, next) =>
    withRequest(res.locals, () => middleware(req, res, next));
  router.get('/graphql', asGet, ...persisted, apollo);
  router.post('/graphql', ...jsonBody, ...persisted, apollo);
  return router;
}

/** HEAD is answered as GET, without the body; and the integration insists on a parsed body where there is none. */
const asGet: RequestHandler = (req, _res, next) => {
  req.method = 'GET';
  req.body = {};
  next();
};

/** A failure around the execution, in the form that GraphQL clients read (GraphQL over HTTP, section 6.3). */
export const graphqlFailures: FailureForm = {
  body: ({ code, message, requestId }) => ({ errors: [{ message, extensions: { code, requestId } }] }),
  mediaType: failureType,
};
