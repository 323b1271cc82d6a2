import type { GraphiQL } from 'graphiql';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import type { ComponentProps } from 'react';
import { type Answer, askGraphql, messageOf } from './ask.ts';
import type { Session } from './session.ts';

type Fetcher = ComponentProps<typeof GraphiQL>['fetcher'];

/** The name that GraphiQL gives to the query for the schema. */
const schemaQuery = 'IntrospectionQuery';

/**
 * Sends GraphiQL's operations to the endpoint that served the page. What is no success is shown with its status.
 * A mutation may have changed who is signed in, which is looked up before its answer is shown; after a query too, for
 * the session may have ended meanwhile. `onSchema` is told why
 * the schema could not be had, or `undefined` when it could.
 */
export function createFetcher(options: {
  session: Session;
  onSchema(fault: string | undefined): void;
}): Fetcher {
  const { session, onSchema } = options;
  return async ({ query, variables, operationName }) => {
    const { departures } = session.state();
    const operations = operationsIn(query);
    const name = nameIn(operations, operationName);
    const answer = await askGraphql({ query, variables, operationName: name });
    if (operationName === schemaQuery) {
      onSchema(answer.body.data ? undefined : messageOf(answer));
      return shown(answer);
    }
    if (session.state().departures !== departures) return tooLate;
    if (operations.some(({ operation }) => operation === 'mutation')) await session.refresh();
    else void session.refresh();
    return shown(answer);
  };
}

/** GraphiQL has a document too, but for a moment after a change of tabs it is that of the tab before. */
function operationsIn(query: string): OperationDefinitionNode[] {
  try {
    return parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
}

/** And so is its name: one that the document does not have is left out, as it is not meant. */
const nameIn = (operations: OperationDefinitionNode[], name: unknown): unknown =>
  operations.length === 0 || operations.some((operation) => operation.name?.value === name)
    ? name
    : undefined;

const shown = ({ ok, status, body }: Answer): Record<string, unknown> =>
  ok || status === 0 ? body : { status, ...body };

/** Instead of what was asked for by somebody who has signed out since. */
const tooLate: Record<string, unknown> = {
  errors: [{ message: 'The session ended before the answer came' }],
};
