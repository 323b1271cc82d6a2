import type { ApolloServer } from '@apollo/server';
import express, { type Express } from 'express';
import { failedSignInPage } from './console/failed-sign-in.ts';
import { type ConsoleOffer, consolePages, consolePaths } from './console/pages.ts';
import type { GraphqlContext } from './graphql/context.ts';
import { settleMediaType } from './graphql/media-type.ts';
import type { FindOperation } from './graphql/persisted-operations.ts';
import { graphqlFailures, graphqlRoutes } from './graphql/routes.ts';
import { type IsForeign, noForeignCalls, noForeignEmbedding } from './http/cross-site.ts';
import { failureAnswers, onlyMethods, unknownPath } from './http/failures.ts';
import { corsHeaders, type Headers, setHeaders } from './http/headers.ts';
import { shortMediaType } from './http/json-body.ts';
import type { RateLimits } from './http/rate-limits.ts';
import { oneHost } from './http/unreadable-requests.ts';
import type { Log } from './log.ts';
import { healthPaths, healthRoutes } from './ops/health.ts';
import type { KnownPaths } from './ops/known-paths.ts';
import { type NoteRequest, noteRequests } from './ops/note-request.ts';
import { requestId } from './ops/request-log.ts';
import { builtAssets, createBuiltPages } from './pages/built-pages.ts';
import { playgroundPage } from './playground/pages.ts';
import { apiLinks, openapiPath } from './rest/api-links.ts';
import { legacyFailures } from './rest/legacy-json.ts';
import { openapiRoutes } from './rest/openapi.ts';
import { logoutFailure, logoutPath, readPaths, restRoutes, writePaths } from './rest/routes.ts';
import { type SignInOptions, signInPaths, signInRoutes } from './sign-in/routes.ts';

export type AppOptions = {
  log: Log;
  traces: express.RequestHandler[];
  noteRequest: NoteRequest;
  trustedProxies: string[] | undefined;
  /** Headers of every answer. */
  headers: Headers;
  corsOrigins: ReadonlySet<string>;
  isForeign: IsForeign;
  health: Parameters<typeof healthRoutes>[0];
  rateLimits: RateLimits;
  session: express.RequestHandler[];
  /** Puts the viewer on `res.locals`, from the session that was loaded before. */
  viewer: express.RequestHandler;
  signIn: SignInOptions;
  graphql: ApolloServer<GraphqlContext>;
  /** Where operations have to be in a manifest, or are compared with them. */
  findOperation: FindOperation | undefined;
  console: ConsoleOffer;
};

const readMethods = ['HEAD', 'GET', 'OPTIONS'];
const writeMethods = ['POST', 'OPTIONS'];
const graphqlMethods = ['HEAD', 'GET', 'POST', 'OPTIONS'];

/** The whole of HTTP: what a request goes through, in order. */
export function createApp(options: AppOptions): Express {
  const signIns = signInPaths(options.signIn);
  const pages = createBuiltPages();
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', options.trustedProxies ?? false);

  app.use(requestId, ...options.traces, noteRequests(options.noteRequest));
  app.use(setHeaders(options.headers));
  app.use(corsHeaders(options.corsOrigins), apiLinks());
  app.use(oneHost, shortMediaType);
  app.all(
    [...healthPaths, ...consolePaths, openapiPath, '/assets/*file', ...readPaths, ...signIns],
    onlyMethods(readMethods),
  );
  app.all(writePaths, onlyMethods(writeMethods));
  app.all('/graphql', onlyMethods(graphqlMethods));
  if (options.console.playground) app.get('/graphql', playgroundPage(pages, options.rateLimits.perClient));
  app.all('/graphql', settleMediaType);
  app.use([logoutPath, ...writePaths], noForeignCalls(options.isForeign));
  app.use(signIns, noForeignEmbedding(options.isForeign));

  app.use(healthRoutes(options.health));
  app.use(options.rateLimits.perClient, failedBefore);
  app.use(consolePages(pages, options.console), builtAssets(pages));
  app.use(openapiRoutes(options.signIn.cookies, options.signIn.publicUrl));
  app.use(['/graphql', '/api', ...signIns], options.session, options.rateLimits.perSession, options.viewer);
  app.use(signInRoutes(options.signIn));
  app.use(restRoutes());
  app.use(graphqlRoutes(options.graphql, options.findOperation));

  app.use(unknownPath);
  app.use(logoutPath, logoutFailure);
  app.use('/graphql', failureAnswers(options.log, graphqlFailures));
  app.use(
    signIns,
    failureAnswers(options.log, {
      ...legacyFailures,
      page: failedSignInPage(pages, options.signIn.frontendUrl),
    }),
  );
  app.use(failureAnswers(options.log, legacyFailures));
  return app;
}

/** What the hot path could not do is not tried again. */
const failedBefore: express.RequestHandler = (_req, res, next) => next(res.locals.failure);

/** The paths that this app answers. */
export const knownPathsOf = (signIn: Pick<SignInOptions, 'offers'>): KnownPaths => ({
  routes: ['/graphql', ...healthPaths, openapiPath, ...readPaths, ...writePaths, ...signInPaths(signIn)],
  pages: consolePaths,
  legacy: [...readPaths, ...writePaths],
  signIns: signIn.offers,
});
