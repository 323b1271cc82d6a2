/*
 * What is kept of a compiled query are the functions that these make, each apart from what it was compiled from: a
 * function holds on to all that stands around it, and a document is many times as large.
 */

import { type FieldNode, type GraphQLField, type GraphQLLeafType, getArgumentValues } from 'graphql';
import { type Eventual, isPromise } from '../eventual.ts';
import type { GraphqlContext } from './context.ts';

/** The variables of one request, by name. */
export type Variables = Readonly<Record<string, unknown>>;

/** At once, unless a resolver has to wait for something. */
export type Text = Eventual<string>;

/** Writes a value down as JSON. */
export type Write = (value: unknown, context: GraphqlContext, variables: Variables) => Text;

/** An object: its fields in their order, each after the start of its text, `"name":`. */
export const objectWriter =
  (fields: readonly { start: string; write: Write }[]): Write =>
  (source, context, variables) =>
    joined('{', '}', fields, ({ start, write }) => {
      const text = write(source, context, variables);
      return typeof text === 'string' ? start + text : text.then((late) => start + late);
    });

/** The arguments of a field, given the variables. */
export type ArgumentsOf = (variables: Variables) => Record<string, unknown>;

/** Of a field whose arguments have no variables in them. */
export const constantArguments =
  (args: Record<string, unknown>): ArgumentsOf =>
  () =>
    args;

/** Of any other, as graphql-js reads them. @throws GraphQLError for those that do not fit */
export const variableArguments =
  (field: GraphQLField<unknown, unknown>, node: FieldNode): ArgumentsOf =>
  (variables) =>
    getArgumentValues(field, node, variables);

/** A field of an object: what its resolver gives for it, or the property of its name. */
export const fieldWriter =
  (name: string, resolve: Resolve | undefined, argumentsOf: ArgumentsOf, write: Write): Write =>
  (source, context, variables) => {
    const value = resolve ? resolve(source, argumentsOf(variables), context) : property(source, name);
    return isPromise(value)
      ? value.then((late) => write(late, context, variables))
      : write(value, context, variables);
  };

/** What is the same whatever there is. */
export const constantWriter =
  (text: string): Write =>
  () =>
    text;

/** What may not be null. */
export const presentWriter =
  (write: Write): Write =>
  (value, context, variables) => {
    if (value === null || value === undefined) throw new Error('null where there may be none');
    return write(value, context, variables);
  };

/** What may. */
export const nullableWriter =
  (write: Write): Write =>
  (value, context, variables) =>
    value === null || value === undefined ? 'null' : write(value, context, variables);

/** A list, of whose items each may have to be waited for. */
export const listWriter =
  (write: Write): Write =>
  (value, context, variables) => {
    if (!Array.isArray(value)) throw new Error('no list where there has to be one');
    return joined('[', ']', value, (item) =>
      isPromise(item)
        ? item.then((late) => write(late, context, variables))
        : write(item, context, variables),
    );
  };

/** A scalar or an enum. */
export const leafWriter =
  (type: GraphQLLeafType): Write =>
  (value) =>
    leafText(type, value);

/** A value of a union or an interface, by the name of its type. */
export const abstractWriter =
  (typeNameOf: TypeNameOf, writes: ReadonlyMap<string, Write>): Write =>
  (value, context, variables) => {
    const write = writes.get(String(typeNameOf(value, context)));
    if (!write) throw new Error('a value of no possible type');
    return write(value, context, variables);
  };

/** Gives the name of a value's type. */
export type TypeNameOf = (value: unknown, context: GraphqlContext) => unknown;

/** Resolvers here are not told which field of which operation they are called for. */
export type Resolve = (source: unknown, args: Record<string, unknown>, context: GraphqlContext) => unknown;

const property = (source: unknown, name: string): unknown => {
  const value: unknown = (source as Record<string, unknown>)[name];
  if (typeof value === 'function') throw new Error('a field is a function');
  return value;
};

function leafText(type: GraphQLLeafType, value: unknown): string {
  const serialized: unknown = type.serialize(value);
  if (serialized === null || serialized === undefined) throw new Error('a value that cannot be written');
  return JSON.stringify(serialized);
}

/** The texts of parts between `open` and `close`. */
function joined<T>(open: string, close: string, parts: readonly T[], textOf: (part: T) => Text): Text {
  let before = open;
  for (const [at, part] of parts.entries()) {
    const text = textOf(part);
    const comma = at === 0 ? '' : ',';
    if (typeof text !== 'string') {
      const others = joinedLate(text, parts.slice(at + 1), textOf);
      return others.then((late) => before + comma + late + close);
    }
    before += comma + text;
  }
  return before + close;
}

/** The first text and those of the other parts, all at once. One that fails leaves none behind that fails unheard. */
function joinedLate<T>(
  first: Promise<string>,
  others: readonly T[],
  textOf: (part: T) => Text,
): Promise<string> {
  const texts: Text[] = [first];
  try {
    for (const part of others) texts.push(textOf(part));
  } catch (error) {
    for (const text of texts) if (typeof text !== 'string') text.catch(() => undefined);
    throw error;
  }
  return Promise.all(texts).then((all) => all.join());
}
