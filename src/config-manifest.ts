import { readFileSync } from 'node:fs';
import { commaSeparated, type Parser } from './config-values.ts';
import { isObject } from './json.ts';

/** An operation of a front end, by the id under which the front end asks for it. */
export type PersistedOperation = { id: string; text: string };

/** The operations of several manifests, from the names of their files, separated by commas. */
export const operationManifests: Parser<PersistedOperation[]> = (value) =>
  withoutConflicts(commaSeparated(value).flatMap((file) => readManifest(file)));

function withoutConflicts(operations: PersistedOperation[]): PersistedOperation[] {
  const texts = new Map(operations.map(({ id, text }) => [id, text]));
  const conflict = operations.find(({ id, text }) => texts.get(id) !== text);
  if (!conflict) return operations;
  throw new Error(
    `must name manifests of operations that agree: ${conflict.id.slice(0, 100)} has two texts in them`,
  );
}

/**
 * Reads a manifest in either of the forms that front ends' tools write: `{"<id>": "<text>"}` (the client preset of
 * GraphQL Code Generator, Relay), or `{"operations": [{"id", "body"}]}` (Apollo's
 * `generate-persisted-query-manifest`).
 *
 * @throws Error that says which file is wrong, and how
 */
export function readManifest(file: string | URL): PersistedOperation[] {
  const manifest = parsed(file);
  const listed = isObject(manifest) && Array.isArray(manifest.operations) ? manifest.operations : undefined;
  const entries: unknown[] = listed
    ? listed.map((entry) => (isObject(entry) ? [entry.id, entry.body] : []))
    : isObject(manifest)
      ? Object.entries(manifest)
      : [[]];
  return entries.map((entry) => {
    const [id, text] = entry as unknown[];
    if (typeof id === 'string' && typeof text === 'string') return { id, text };
    throw new Error(
      `must name manifests of operations: ${file} is not {"<id>": "<text>"} nor {"operations": [{"id", "body"}]}`,
    );
  });
}

function parsed(file: string | URL): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new Error(`must name manifests of operations: ${file} ${why}`, { cause });
  }
}
