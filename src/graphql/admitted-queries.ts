import type { ApolloServerPlugin } from '@apollo/server';
import type { OperationDefinitionNode } from 'graphql';
import { createRecentlyUsed } from '../recently-used.ts';
import { compileQuery, type RunQuery } from './compiled-query.ts';
import type { GraphqlContext } from './context.ts';

/** A query that Apollo has admitted. `name` is its own; undefined where it has none. */
export type AdmittedQuery = { name: string | undefined; run: RunQuery };

/** Finds a query by its text, and by the name that the request gives for the operation that it wants. */
export type FindAdmitted = (text: string, operationName: string | undefined) => AdmittedQuery | undefined;

/** How much is kept of queries, in bytes, and for how long, in milliseconds, when nobody sends them. */
const kept = { most: 8 * 1024 * 1024, forMillis: 600_000 };

/** About what a compiled field takes, in bytes. */
const fieldBytes = 1000;

/**
 * Queries that Apollo has parsed, validated and let pass to their execution, compiled: a text that was admitted once
 * is admitted again, as nothing but the text, the schema and the configuration decides. Mutations never are.
 */
export function createAdmittedQueries(): { plugin: ApolloServerPlugin<GraphqlContext>; find: FindAdmitted } {
  type ByName = Map<string | undefined, AdmittedQuery | undefined>; // with those that cannot be compiled
  const admitted = createRecentlyUsed<{ bytes: number; byName: ByName }>({
    ...kept,
    sizeOf: ({ bytes }) => bytes,
  });

  return {
    find: (text, operationName) => admitted.get(text)?.byName.get(operationName),
    plugin: {
      async requestDidStart() {
        return {
          async executionDidStart({ schema, source, document, operation, request }) {
            const known = admitted.get(source) ?? { bytes: 2 * source.length, byName: new Map() };
            const { operationName = undefined } = request;
            if (!isThere(operation) || known.byName.has(operationName) || known.byName.size >= mostNames)
              return;
            const compiled = compileQuery(schema, operation, document);
            const query = compiled && { name: operation.name?.value, run: compiled.run };
            admitted.set(source, {
              bytes: known.bytes + fieldBytes * (compiled?.fields ?? 0),
              byName: new Map([...known.byName, [operationName, query]]),
            });
          },
        };
      },
    },
  };
}

/** Operations of one document that are kept; those of front ends have one each. */
const mostNames = 16;

/** A request may name an operation that its document does not have: Apollo lets graphql-js say so. */
const isThere = (operation: OperationDefinitionNode | undefined): boolean => operation !== undefined;
