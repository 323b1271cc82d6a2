import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getVariableValues,
  isAbstractType,
  isLeafType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
  type ValueNode,
} from 'graphql';
import type { GraphqlContext } from './context.ts';
import { mostErrors } from './operation-limits.ts';
import {
  abstractWriter,
  constantArguments,
  constantWriter,
  fieldWriter,
  leafWriter,
  listWriter,
  nullableWriter,
  objectWriter,
  presentWriter,
  type Resolve,
  type Text,
  type TypeNameOf,
  type Variables,
  variableArguments,
  type Write,
} from './query-writers.ts';

/**
 * Runs a query that was compiled, and gives its `data` as JSON text.
 *
 * @throws whatever a field fails with, and for variables that do not fit: how these are told, graphql-js knows
 */
export type RunQuery = (context: GraphqlContext, variables: Variables) => Text;

/** A query ready to be run. `fields` says how large it is. */
export type CompiledQuery = { run: RunQuery; fields: number };

/** The most that one is compiled of: its fields, those of fragments as often as they are spread, for each type. */
const mostFields = 500;

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;
type Compiling = { schema: GraphQLSchema; fragments: Fragments; fields: number };

/** What compiling leaves to graphql-js. */
class Unfit extends Error {}

/**
 * Compiles a query that was validated, so that executing it is calling its resolvers and writing down what they give
 * (GraphQL, section 6): which fields there are, of which types, with which arguments, is settled once. Undefined for
 * what asks about the schema, has fields that depend on variables, or is large.
 *
 * It has no error handling of its own: the first failure is thrown, also that of a field that may be null.
 */
export function compileQuery(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  document: DocumentNode,
): CompiledQuery | undefined {
  const type = schema.getQueryType();
  if (!type || operation.operation !== 'query' || (operation.directives ?? []).length > 0) return undefined;
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  const compiling = { schema, fragments, fields: 0 };
  try {
    const write = writeObject(compiling, type, [operation.selectionSet]);
    return { run: runner(write, readVariables(schema, operation)), fields: compiling.fields };
  } catch (error) {
    if (error instanceof Unfit) return undefined;
    throw error;
  }
}

const runner =
  (write: Write, variablesOf: (given: Variables) => Variables): RunQuery =>
  (context, given) =>
    write(undefined, context, variablesOf(given));

/** @throws GraphQLError for variables that do not fit */
function readVariables(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode) {
  return (given: Variables): Variables => {
    if (variableDefinitions.length === 0) return given;
    const { coerced, errors } = getVariableValues(schema, variableDefinitions, given, {
      maxErrors: mostErrors,
    });
    if (!coerced) throw errors[0];
    return coerced;
  };
}

/** Writes the fields that are selected of an object. */
function writeObject(
  compiling: Compiling,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): Write {
  const selected = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  for (const set of selectionSets) collectFields(compiling, type, set, selected, spread);
  const fields = [...selected].map(([key, nodes]) => ({
    start: `${JSON.stringify(key)}:`,
    write: writeField(compiling, type, nodes),
  }));
  return objectWriter(fields);
}

/** The fields of one object, by the key of their answer, as CollectFields does it (GraphQL, section 6.3.2). */
function collectFields(
  compiling: Compiling,
  type: GraphQLObjectType,
  { selections }: SelectionSetNode,
  selected: Map<string, FieldNode[]>,
  spread: Set<string>,
): void {
  const { schema, fragments } = compiling;
  for (const selection of selections) {
    if (!isIncluded(selection.directives ?? [])) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      selected.set(key, [...(selected.get(key) ?? []), selection]);
      continue;
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (spread.has(selection.name.value)) continue;
      spread.add(selection.name.value);
    }
    const condition = fragment?.typeCondition && typeFromAST(schema, fragment.typeCondition);
    const applies =
      !condition || condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
    if (fragment && applies) collectFields(compiling, type, fragment.selectionSet, selected, spread);
  }
}

function isIncluded(directives: readonly DirectiveNode[]): boolean {
  if (directives.length === 0) return true;
  const known = [GraphQLSkipDirective.name, GraphQLIncludeDirective.name];
  if (directives.some((node) => !known.includes(node.name.value) || usesVariables(node))) throw new Unfit();
  const skip = getDirectiveValues(GraphQLSkipDirective, { directives });
  const include = getDirectiveValues(GraphQLIncludeDirective, { directives });
  return skip?.if !== true && include?.if !== false;
}

/** Resolves a field and writes what that gives. */
function writeField(compiling: Compiling, type: GraphQLObjectType, nodes: readonly FieldNode[]): Write {
  const [node] = nodes;
  if (++compiling.fields > mostFields) throw new Unfit();
  const name = node?.name.value ?? '';
  if (name === '__typename') return constantWriter(JSON.stringify(type.name));
  const field = type.getFields()[name];
  if (!node || !field) throw new Unfit();
  const write = writeValue(
    compiling,
    field.type,
    nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
  );
  const resolve = field.resolve as Resolve | undefined;
  const argumentsOf = usesVariables(node)
    ? variableArguments(field, node)
    : constantArguments(getArgumentValues(field, node));
  return fieldWriter(name, resolve, argumentsOf, write);
}

/** Writes a value of a type, as CompleteValue does it (GraphQL, section 6.4.3). */
function writeValue(
  compiling: Compiling,
  type: GraphQLOutputType,
  selectionSets: readonly SelectionSetNode[],
): Write {
  if (type instanceof GraphQLNonNull) {
    return presentWriter(writeValue(compiling, type.ofType as GraphQLOutputType, selectionSets));
  }
  return nullableWriter(writePresent(compiling, type, selectionSets));
}

function writePresent(
  compiling: Compiling,
  type: Exclude<GraphQLOutputType, GraphQLNonNull<never>>,
  selectionSets: readonly SelectionSetNode[],
): Write {
  if (type instanceof GraphQLList) {
    return listWriter(writeValue(compiling, type.ofType as GraphQLOutputType, selectionSets));
  }
  if (isLeafType(type)) return leafWriter(type);
  if (!isAbstractType(type)) return writeObject(compiling, type as GraphQLObjectType, selectionSets);
  const { resolveType } = type;
  if (!resolveType) throw new Unfit();
  const writes = new Map(
    compiling.schema
      .getPossibleTypes(type)
      .map((possible) => [possible.name, writeObject(compiling, possible, selectionSets)]),
  );
  return abstractWriter(resolveType as TypeNameOf, writes);
}

/** Whether the arguments of a field or directive have variables in them. */
const usesVariables = ({ arguments: given = [] }: FieldNode | DirectiveNode): boolean =>
  given.some(({ value }) => hasVariables(value));

function hasVariables(value: ValueNode): boolean {
  if (value.kind === Kind.LIST) return value.values.some(hasVariables);
  if (value.kind === Kind.OBJECT) return value.fields.some((field) => hasVariables(field.value));
  return value.kind === Kind.VARIABLE;
}
