import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { IsForeign } from '../http/cross-site.ts';
import type { Log } from '../log.ts';
import type { GraphqlContext } from './context.ts';
import { createDocumentStore } from './document-store.ts';
import { createFormatError } from './error-format.ts';
import { legacyStatus } from './http-status.ts';
import { failureLog, operationGuard } from './operation-guard.ts';
import { mostErrors, operationLimits, operationLimitsRule } from './operation-limits.ts';
import { type OperationWatch, operationMetrics } from './operation-metrics.ts';
import { resolvers } from './resolvers.ts';
import { readSchema } from './schema.ts';
import { staleListings } from './stale-listings.ts';

/** Fields that an operation may come to when all its fragments are spread: a net below the limits on operations. */
const mostSelections = 10_000;

/**
 * Apollo Server over the public schema. Also what resolver tests call `executeOperation` on.
 *
 * Said explicitly where Apollo follows NODE_ENV, so that the configuration alone decides. Signals belong to
 * `main.ts`. Automatic persisted queries stay off: they let anybody fill memory with operations.
 */
export function createGraphqlServer(options: {
  introspection: boolean;
  isForeign: IsForeign;
  log: Log;
  operations?: OperationWatch;
  /** Is told of operations that are about to be executed. */
  admission?: ApolloServerPlugin<GraphqlContext>;
}): ApolloServer<GraphqlContext> {
  const { introspection, isForeign, log, operations, admission } = options;
  return new ApolloServer<GraphqlContext>({
    typeDefs: readSchema(),
    resolvers,
    introspection,
    formatError: createFormatError({ hidesSchema: !introspection }),
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    documentStore: createDocumentStore(),
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: operationLimits.tokens },
    maxRecursiveSelections: mostSelections, // which is also what makes Apollo run our rule after its own
    validationRules: [operationLimitsRule],
    validationOptions: { maxErrors: mostErrors },
    executionOptions: { maxCoercionErrors: mostErrors },
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(), // nothing may be cached; it would wrap each resolver
      legacyStatus,
      operationGuard(isForeign),
      failureLog(log),
      staleListings,
      ...(operations ? [operationMetrics(operations)] : []),
      ...(admission ? [admission] : []),
    ],
  });
}
