import { createHash } from 'node:crypto';
import { type DocumentNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import type { Config } from '../config.ts';
import type { PersistedOperation } from '../config-manifest.ts';
import { GatewayError } from '../errors.ts';
import { isObject } from '../json.ts';
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
 * layout, the order of fields, and the `__typename`s that clients add for their caches.
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
  const known = new Set(operations.map(({ text }) => canonical(text)));
  const longest = mostLayout * Math.max(0, ...operations.map(({ text }) => text.length));
  const reported = new Set<string>();

  function report(text: string, itself: string): void {
    if (reported.has(itself)) return;
    if (reported.size >= mostReported) reported.clear();
    reported.add(itself);
    log.warn({ operation: firstNameIn(text).slice(0, 100) }, 'An operation is in no manifest');
  }

  return ({ id, text }) => {
    const found = id === undefined ? undefined : byId.get(withoutPrefix(id));
    if (found !== undefined) return found;
    if (text === undefined && id === undefined) return undefined;
    const itself = text !== undefined && text.length <= longest ? canonical(text) : undefined;
    if (itself !== undefined && known.has(itself)) return text;
    if (mode === 'only') throw new GatewayError('BAD_REQUEST', unknownOperation);
    if (text !== undefined) report(text, itself ?? sha256(text));
    return text;
  };
}

/** How many times longer than the longest operation a text may be that is one of them in another layout. */
const mostLayout = 10;

/** The names of operations, which are few enough to tell them apart in metrics. */
export const namesOf = (operations: readonly PersistedOperation[]): Set<string> =>
  new Set(operations.flatMap(({ text }) => operationsIn(text).flatMap(({ name }) => name?.value ?? [])));

const withoutPrefix = (id: string): string => id.replace(/^sha256:/, '');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

const firstNameIn = (text: string): string => operationsIn(text)[0]?.name?.value ?? 'anonymous';

const operationsIn = (text: string): OperationDefinitionNode[] =>
  (parsed(text)?.definitions ?? []).filter((node) => node.kind === Kind.OPERATION_DEFINITION);

function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text, { noLocation: true, maxTokens: operationLimits.tokens });
  } catch {
    return undefined;
  }
}

/** What is the same for texts of one operation; that of a text that is no GraphQL is its own. */
const canonical = (text: string): string => keyOf(parsed(text) ?? text);

/** Lists whose order says nothing. That of a mutation's own fields does: they are carried out one after the other. */
const unordered = new Set(['definitions', 'variableDefinitions', 'selections', 'arguments']);

/** A hash for each node, so that a deep document is not written out again at each of its levels. */
function keyOf(value: unknown, name = '', isMutation = false): string {
  if (Array.isArray(value)) {
    const keys = value.filter((part) => !isTypename(part)).map((part) => keyOf(part));
    const isOrdered = !unordered.has(name) || (isMutation && name === 'selections');
    return (isOrdered ? keys : keys.sort()).join();
  }
  if (!isObject(value)) return JSON.stringify(value) ?? '';
  const isRoot = isMutation && value.kind === Kind.SELECTION_SET;
  const parts = Object.entries(value).map(
    ([key, part]) => `${key}:${keyOf(part, key, isRoot || value.operation === 'mutation')}`,
  );
  return sha256(parts.join());
}

const isTypename = (node: unknown): boolean =>
  isObject(node) &&
  node.kind === Kind.FIELD &&
  !node.alias &&
  isObject(node.name) &&
  node.name.value === '__typename';
