import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { GraphqlContext } from './context.ts';
import { formatError } from './error-format.ts';
import { resolvers } from './resolvers.ts';
import { readSchema } from './schema.ts';

/**
 * Apollo Server over the public schema. Also what resolver tests call `executeOperation` on.
 *
 * Said explicitly where Apollo follows NODE_ENV, so that the configuration alone decides. Signals belong to
 * `main.ts`. Automatic persisted queries stay off: they let anybody fill memory with operations.
 */
export function createGraphqlServer(options: {
  introspection: boolean;
  log: Log;
}): ApolloServer<GraphqlContext> {
  return new ApolloServer<GraphqlContext>({
    typeDefs: readSchema(),
    resolvers,
    introspection: options.introspection,
    formatError,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    plugins: [ApolloServerPluginLandingPageDisabled(), errorReports(options.log)],
  });
}

/** Writes the causes of failures into the log. */
function errorReports(log: Log): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue: { requestId } }) {
          for (const error of errors) {
            const err = unwrapResolverError(error);
            if (err instanceof GatewayError)
              log.warn({ err, requestId, code: err.code }, 'GraphQL field failed');
            else if (err !== error) log.error({ err, requestId }, 'GraphQL field failed unexpectedly');
          }
        },
      };
    },
  };
}
