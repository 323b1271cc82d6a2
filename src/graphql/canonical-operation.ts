import { createHash } from 'node:crypto';
import { type DocumentNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { isObject } from '../json.ts';
import { operationLimits } from './operation-limits.ts';

/**
 * What is the same for all texts of one operation: they may differ in layout, in the order of fields, and in the
 * `__typename`s that clients add for their caches. That of a text that is no GraphQL is its own.
 */
export const canonical = (text: string): string => keyOf(parsed(text) ?? text);

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The operations in a text; none where it is no GraphQL. */
export const operationsIn = (text: string): OperationDefinitionNode[] =>
  (parsed(text)?.definitions ?? []).filter((node) => node.kind === Kind.OPERATION_DEFINITION);

export function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text, { noLocation: true, maxTokens: operationLimits.tokens });
  } catch {
    return undefined;
  }
}

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
