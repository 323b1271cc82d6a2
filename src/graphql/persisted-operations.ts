import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  visit,
} from 'graphql';
import type { Config } from '../config.ts';
import type { PersistedOperation } from '../config-manifest.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import { operationLimits } from './operation-limits.ts';

/** What a request asks for: the id of an operation, its text, or both. */
export type AskedOperation = { id?: string | undefined; text?: string | undefined };

/** Settles which text is executed; undefined: what the request brings, or has forgotten to bring. */
export type FindOperation = (asked: AskedOperation) => string | undefined;

const unknownOperation =
  'This gateway answers the operations of its manifests alone, and this one is in none; deploy the manifest of this front end (PERSISTED_OPERATIONS_MANIFEST)';

/** Unknown operations that are logged until they are logged anew. */
const mostReported = 1000;

/**
 * Finds the operations of the manifests, by their id or, for clients that know of no ids, by their text: `only` refuses
 * all others, `log` logs each of them once and answers it. Two texts are one operation when they differ in nothing but
 * layout, order, and the `__typename`s that clients add for their caches.
 *
 * An id may have the prefix `sha256:` or not (GraphQL over HTTP, appendix on persisted documents).
 */
export function createFindOperation(options: {
  mode: Exclude<Config['persistedOperations'], 'off'>;
  operations: readonly PersistedOperation[];
  log: Log;
}): FindOperation {
  const { mode, operations, log } = options;
  const byId = new Map(operations.map(({ id, text }) => [withoutPrefix(id), text]));
  const texts = new Set(operations.map(({ text }) => canonical(text)));
  const reported = new Set<string>();

  function unknown(text: string | undefined): void {
    if (mode === 'only') throw new GatewayError('BAD_REQUEST', unknownOperation);
    if (text === undefined || reported.has(text)) return;
    if (reported.size >= mostReported) reported.clear();
    reported.add(text);
    log.warn({ operation: firstNameIn(text) }, 'An operation is in no manifest');
  }

  return ({ id, text }) => {
    const found = id === undefined ? undefined : byId.get(withoutPrefix(id));
    if (found !== undefined) return found;
    if (text === undefined) {
      if (id !== undefined) unknown(undefined);
      return undefined;
    }
    const itself = canonical(text);
    if (!texts.has(itself)) unknown(itself);
    return text;
  };
}

/** The names of operations, which are few enough to tell them apart in metrics. */
export const namesOf = (operations: readonly PersistedOperation[]): Set<string> =>
  new Set(operations.flatMap(({ text }) => operationsIn(text).flatMap(({ name }) => name?.value ?? [])));

const withoutPrefix = (id: string): string => id.replace(/^sha256:/, '');

const firstNameIn = (text: string): string => operationsIn(text)[0]?.name?.value ?? 'anonymous';

const operationsIn = (text: string): OperationDefinitionNode[] =>
  (parsed(text)?.definitions ?? []).filter((node) => node.kind === Kind.OPERATION_DEFINITION);

/** A text that is none of GraphQL stays as it is, and is refused where it is executed. */
const canonical = (text: string): string => {
  const document = parsed(text);
  return document ? print(sortedDocument(document)) : text;
};

function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text, { noLocation: true, maxTokens: operationLimits.tokens });
  } catch {
    return undefined;
  }
}

const sortedDocument = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Document: { leave: (node) => ({ ...node, definitions: sorted(node.definitions) }) },
    OperationDefinition: {
      leave: (node) => ({ ...node, variableDefinitions: sorted(node.variableDefinitions) }),
    },
    SelectionSet: {
      leave: (node) => ({ ...node, selections: sorted(node.selections.filter((part) => !isTypename(part))) }),
    },
    Field: { leave: (node) => ({ ...node, arguments: sorted(node.arguments) }) },
    Directive: { leave: (node) => ({ ...node, arguments: sorted(node.arguments) }) },
  });

const isTypename = (part: SelectionNode): boolean =>
  part.kind === Kind.FIELD && (part as FieldNode).name.value === '__typename' && !part.alias;

const sorted = <N extends ASTNode>(nodes: readonly N[] = []): N[] =>
  nodes
    .map((node) => ({ node, text: print(node) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ node }) => node);
