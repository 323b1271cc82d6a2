import type { ApolloServerPlugin } from '@apollo/server';
import { type GraphQLSchema, getOperationAST, type OperationDefinitionNode, parse } from 'graphql';
import { createRecentlyUsed } from '../recently-used.ts';
import { compileQuery, type RunQuery } from './compiled-query.ts';
import type { GraphqlContext } from './context.ts';

/** A query that Apollo has admitted. `name` is its own; undefined where it has none. */
export type AdmittedQuery = { name: string | undefined; run: RunQuery };

/** Finds a query by its text, and by the name that the request gives for the operation that it wants. */
export type FindAdmitted = (text: string, operationName: string | undefined) => AdmittedQuery | undefined;

/** How much is kept of queries, in bytes, and for how long, in milliseconds, when nobody sends them. */
const kept = { most: 8 * 1024 * 1024, forMillis: 600_000 };

/** About what a compiled field takes, and what a text does beside itself, in bytes. */
const fieldBytes = 1000;
const entryBytes = 1000;

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
          async executionDidStart({ schema, source, operation, request }) {
            const known = admitted.get(source) ?? {
              bytes: entryBytes + 2 * source.length,
              byName: new Map(),
            };
            const { operationName = undefined } = request;
            if (!isThere(operation) || known.byName.has(operationName) || known.byName.size >= mostNames)
              return;
            const compiled = compiledFrom(schema, source, operationName);
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

/** From a document of its own: Apollo's has each token of the text in it, which what is compiled may hold on to. */
function compiledFrom(schema: GraphQLSchema, text: string, operationName: string | undefined) {
  const document = parse(text, { noLocation: true });
  const operation = getOperationAST(document, operationName);
  return operation ? compileQuery(schema, operation, document) : undefined;
}

/** Operations of one document that are kept; those of front ends have one each. */
const mostNames = 16;

/** A request may name an operation that its document does not have: Apollo lets graphql-js say so. */
const isThere = (operation: OperationDefinitionNode | undefined): boolean => operation !== undefined;
