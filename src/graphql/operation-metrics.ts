import type { ApolloServerPlugin } from '@apollo/server';
import { getOperationAST } from 'graphql';
import type { GraphqlContext } from './context.ts';
import { currentRequest } from './error-format.ts';

/** What is told of operations, for metrics, traces and the log. */
export type OperationWatch = {
  /** The names that are told; what clients name their operations otherwise is `other`. */
  names: ReadonlySet<string>;
  /** Begins an operation; the function it returns ends it. */
  begin(): (ended: { operation: string; type: string; outcome: 'ok' | 'failed' | 'refused' }) => void;
};

/** What is told of an operation's name: one that is known, `anonymous`, or `other`. */
export const createOperationName =
  (names: ReadonlySet<string>) =>
  (name: string | null | undefined): string => {
    if (name === undefined || name === null || name === '') return 'anonymous';
    return names.has(name) ? name : 'other';
  };

/**
 * Tells of each operation which it was and how it ended: `refused` before it was executed, `failed` with an error of
 * some field. Clients choose the names, so that only known ones are told.
 */
export function operationMetrics({ names, begin }: OperationWatch): ApolloServerPlugin<GraphqlContext> {
  const nameOf = createOperationName(names);
  return {
    async requestDidStart({ request }) {
      const end = begin();
      const about = currentRequest();
      if (about) about.operation = nameOf(request.operationName);
      let isExecuted = false;
      return {
        async didResolveOperation({ operationName }) {
          if (about) about.operation = nameOf(operationName);
        },
        async executionDidStart() {
          isExecuted = true;
        },
        async willSendResponse({ response, document }) {
          const { body } = response;
          const asked = document && getOperationAST(document, request.operationName);
          const operation = nameOf(asked?.name?.value ?? request.operationName);
          if (about) about.operation = operation;
          const hasErrors = body.kind !== 'single' || body.singleResult.errors !== undefined;
          end({
            operation,
            type: asked?.operation ?? 'unknown',
            outcome: !hasErrors ? 'ok' : isExecuted ? 'failed' : 'refused',
          });
        },
      };
    },
  };
}
