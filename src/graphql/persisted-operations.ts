import { buildSchema, validate } from 'graphql';
import type { Config } from '../config.ts';
import type { PersistedOperation } from '../config-manifest.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import { canonical, operationsIn, parsed, sha256 } from './canonical-operation.ts';
import { readSchema } from './schema.ts';

/** What a request asks for: the id of an operation, its text, or both. */
export type AskedOperation = {
  id?: string | undefined;
  text?: string | undefined;
  /** Whether a client whose id is not known goes on to send the text, as Apollo's persisted queries do. */
  sendsTextNext?: boolean;
};

/**
 * Settles which text is executed; undefined: what the request brings, or has forgotten to bring.
 *
 * @throws GatewayError BAD_REQUEST for an operation that is not known and may not be executed
 */
export type FindOperation = (asked: AskedOperation, requestId: string) => string | undefined;

const inNoManifest =
  'This gateway answers the operations of its manifests alone, and this one is in none; deploy the manifest of this front end (PERSISTED_OPERATIONS_MANIFEST)';
const unknownId =
  'No manifest of this gateway has an operation with this id; send its text, or deploy the manifest of this front end (PERSISTED_OPERATIONS_MANIFEST)';

/** Unknown operations that are logged until they are logged anew. */
const mostReported = 1000;

/** How many times longer than the longest operation a text may be that is one of them in another layout. */
const mostLayout = 10;

/**
 * Finds the operations of the manifests, by their id or, for clients that know of no ids, by their text: `only` refuses
 * all others, `log` answers those that bring their text; both log each of them once. See `canonical` for which texts
 * are one operation.
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
  const texts = new Set(operations.map(({ text }) => text));
  const known = new Set([...texts].map(canonical));
  const longest = mostLayout * Math.max(0, ...[...texts].map(({ length }) => length));
  const reported = new Set<string>();

  function report({ id, text }: AskedOperation, itself: string, requestId: string): void {
    if (reported.has(itself)) return;
    if (reported.size >= mostReported) reported.clear();
    reported.add(itself);
    const operation = text === undefined ? undefined : firstNameIn(text).slice(0, 100);
    const asked = { id: shownId(id), operation, sha256: text && sha256(text) };
    log.warn({ requestId, ...asked, refused: mode === 'only' }, 'An operation is in no manifest');
  }

  return (asked, requestId) => {
    const { id, text, sendsTextNext } = asked;
    const found = id === undefined ? undefined : byId.get(withoutPrefix(id));
    if (found !== undefined) return found;
    if (text === undefined && id === undefined) return undefined;
    if (text !== undefined && texts.has(text)) return text;
    const itself = text !== undefined && text.length <= longest ? canonical(text) : undefined;
    if (itself !== undefined && known.has(itself)) return text;
    report(asked, itself ?? sha256(text ?? `id ${id}`), requestId);
    if (mode === 'only') throw new GatewayError('BAD_REQUEST', inNoManifest);
    if (text === undefined && !sendsTextNext) throw new GatewayError('BAD_REQUEST', unknownId);
    return text;
  };
}

/** The names of operations, which are few enough to tell them apart in metrics. */
export const namesOf = (operations: readonly PersistedOperation[]): Set<string> =>
  new Set(operations.flatMap(({ text }) => operationsIn(text).flatMap(({ name }) => name?.value ?? [])));

/** The ids of operations that do not fit the schema: of another version of the front end, or of the gateway. */
export function unfitOperations(operations: readonly PersistedOperation[]): string[] {
  if (operations.length === 0) return [];
  const schema = buildSchema(readSchema());
  const fits = (text: string) => {
    const document = parsed(text);
    return document !== undefined && validate(schema, document).length === 0;
  };
  return operations.filter(({ text }) => !fits(text)).map(({ id }) => id);
}

const withoutPrefix = (id: string): string => id.replace(/^sha256:/, '');

/** Clients choose ids; what is none of the usual ones is not repeated. */
const shownId = (id: string | undefined): string | undefined =>
  id !== undefined && /^(sha256:)?[\da-f]{1,64}$/.test(id) ? id : undefined;

const firstNameIn = (text: string): string => operationsIn(text)[0]?.name?.value ?? 'anonymous';
