import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { GatewayError } from '../errors.ts';
import { foreignCall, type IsForeign } from '../http/cross-site.ts';
import type { Log } from '../log.ts';
import type { GraphqlContext } from './context.ts';
import { currentRequestId } from './error-format.ts';
import { requestCodeOf } from './request-errors.ts';

/**
 * Refuses valid operations that are not to be executed: subscriptions, which there are none of, and mutations that a
 * foreign page has sent.
 */
export function operationGuard(isForeign: IsForeign): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, request }) {
          if (isOf('subscription', operation))
            throw refusal('OPERATION_RESOLUTION_FAILURE', 400, noSubscriptions);
          const headers = request.http?.headers;
          if (headers && isOf('mutation', operation) && isForeign((name) => headers.get(name)))
            throw refusal('FORBIDDEN_ORIGIN', 403, foreignCall);
        },
      };
    },
  };
}

const noSubscriptions = 'This gateway has no subscriptions';

const isOf = (kind: string, operation: OperationDefinitionNode | undefined): boolean =>
  operation?.operation === kind;

const refusal = (code: string, status: number, message: string) =>
  new GraphQLError(message, { extensions: { code, http: { status } } });

/** Writes the causes of failures into the log; what the client did wrong is not among them. */
export function failureLog(log: Log): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors }) {
          const requestId = currentRequestId();
          for (const error of errors) {
            const err = unwrapResolverError(error);
            if (err instanceof GatewayError)
              log[err.isIncident ? 'warn' : 'debug']({ err, requestId }, 'GraphQL field failed');
            else if (requestCodeOf(error) === undefined)
              log.error({ err, requestId }, 'GraphQL failed unexpectedly');
          }
        },
      };
    },
  };
}
