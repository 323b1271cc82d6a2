import type { ApolloServer } from '@apollo/server';
import express, { type Express } from 'express';
import { consolePages } from './console/pages.ts';
import type { GraphqlContext } from './graphql/context.ts';
import { graphqlFailure, graphqlRoutes } from './graphql/routes.ts';
import { failureAnswers, onlyMethods, unknownPath } from './http/failures.ts';
import { commonHeaders, corsHeaders } from './http/headers.ts';
import type { Log } from './log.ts';
import { healthRoutes } from './ops/health.ts';
import { requestId, requestLog } from './ops/request-log.ts';
import { legacyFailure } from './rest/legacy-json.ts';
import { restRoutes } from './rest/routes.ts';
import { type SignInOptions, signInPaths, signInRoutes } from './sign-in/routes.ts';

export type AppOptions = {
  log: Log;
  trustedProxies: string[] | undefined;
  corsOrigins: ReadonlySet<string>;
  health: Parameters<typeof healthRoutes>[0];
  session: express.RequestHandler[];
  /** Puts the viewer on `res.locals`, from the session that was loaded before. */
  viewer: express.RequestHandler;
  signIn: SignInOptions;
  graphql: ApolloServer<GraphqlContext>;
};

/** The paths that are answered from a session. */
const sessionPaths = ['/graphql', '/api', '/getAToken', '/google/callback'];
const readOnlyPaths = [
  '/',
  '/api/user',
  '/api/accounts',
  '/api/subscriptions',
  '/api/logout',
  '/healthz',
  '/readyz',
];
const readMethods = ['HEAD', 'GET', 'OPTIONS'];

/** The whole of HTTP: what a request goes through, in order. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', options.trustedProxies ?? false);

  app.use(requestId);
  app.use(requestLog(options.log));
  app.use(commonHeaders);
  app.use(corsHeaders(options.corsOrigins));
  app.use(healthRoutes(options.health));
  app.use(consolePages());
  app.use(sessionPaths, options.session, options.viewer);
  app.use(signInRoutes(options.signIn));
  app.use(restRoutes());
  app.use(graphqlRoutes(options.graphql));

  app.all([...readOnlyPaths, ...signInPaths(options.signIn)], onlyMethods(readMethods));
  app.all('/graphql', onlyMethods(['HEAD', 'GET', 'POST', 'OPTIONS']));
  app.use(unknownPath);
  app.use('/graphql', failureAnswers(options.log, graphqlFailure));
  app.use(failureAnswers(options.log, legacyFailure));
  return app;
}
