import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError } from 'graphql';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { GraphqlContext } from './context.ts';
import { currentRequestId, formatError, isRequestCode } from './error-format.ts';
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
    plugins: [ApolloServerPluginLandingPageDisabled(), operationGuard(options.log)],
  });
}

/** Refuses what the schema has no room for, and writes the causes of failures into the log. */
function operationGuard(log: Log): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation }) {
          if (operation?.operation !== 'subscription') return;
          throw new GraphQLError('This gateway has no subscriptions', {
            extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
          });
        },
        async didEncounterErrors({ errors }) {
          const requestId = currentRequestId();
          for (const error of errors) {
            const err = unwrapResolverError(error);
            if (err instanceof GatewayError)
              log[err.isIncident ? 'warn' : 'debug']({ err, requestId }, 'GraphQL field failed');
            else if (!isRequestCode(error.extensions?.code))
              log.error({ err, requestId }, 'GraphQL failed unexpectedly');
          }
        },
      };
    },
  };
}
