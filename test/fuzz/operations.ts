import {
  buildSchema,
  doTypesOverlap,
  type GraphQLCompositeType,
  type GraphQLField,
  getNamedType,
  isCompositeType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { readSchema } from '../../src/graphql/schema.ts';
import { anyOf, chance, several } from './chances.ts';
import type { Making } from './inputs.ts';
import { word } from './junk.ts';
import { createValueWriter, oddLiteral } from './operation-values.ts';

export type Operation = { text: string; names: string[]; variables: Record<string, unknown> };

const schema = buildSchema(readSchema());
const composites = Object.values(schema.getTypeMap()).filter(isCompositeType);
/** The types that a fragment within a type may be on. */
const narrowings = new Map(
  composites.map((type) => [type, composites.filter((other) => doTypesOverlap(schema, type, other))]),
);
const typeNames = [...Object.keys(schema.getTypeMap()), 'Nothing'];
const operationKinds = ['query', 'query', 'query', 'mutation', 'subscription'] as const;

/** About how many selections operations are made of at most; the gateway's limit on tokens comes to several hundred. */
const mostSelections = [5, 10, 20, 60, 400] as const;

/**
 * A document of the gateway's own schema. `faults` is how often, in percent, something in it is wrong; with 0 it is
 * valid, apart from its size and from fields that are asked for under one name with different arguments.
 */
export function operation(making: Making, faults: number): Operation {
  const { random } = making;
  const writer = createDocumentWriter(making, () => chance(random, faults));
  const isAlone = chance(random, 75);
  const definitions = several(random, 1, isAlone ? 1 : 3, () => writer.definition(isAlone));
  const texts = [...definitions.map(({ text }) => text), ...writer.fragments()];
  return {
    text: texts.join(random.pick([' ', '\n', ',', ' # x\n'])),
    names: definitions.map(({ name }) => name),
    variables: writer.variables,
  };
}

function createDocumentWriter(making: Making, isWrong: () => boolean) {
  const { random, marker } = making;
  const values = createValueWriter(making, isWrong);
  const { directives } = values;
  const fragmentTypes = new Map<string, GraphQLCompositeType>();
  let selectionsLeft = random.pick(mostSelections);
  let writtenFragments = 0;

  function field({ name, type, args }: GraphQLField<unknown, unknown>, depth: number): string {
    const inner = getNamedType(type);
    const alias = chance(random, 15) ? `${random.pick([word(random), word(random), 'a', marker])}: ` : '';
    const given = args.filter((arg) => (isRequiredArgument(arg) ? !isWrong() : chance(random, 30)));
    const written = [...given.map(values.argument), ...(isWrong() ? ['x: 1'] : [])];
    const inBrackets = written.length > 0 ? `(${written.join(', ')})` : '';
    const selected = isCompositeType(inner) !== isWrong() ? selectionOf(inner, depth) : '';
    return `${alias}${isWrong() ? word(random) : name}${inBrackets}${directives()}${selected}`;
  }

  const selectionOf = (type: unknown, depth: number): string =>
    ` ${selectionSet(isCompositeType(type) ? type : anyOf(random, composites), depth - 1)}`;

  function inlineFragment(type: GraphQLCompositeType, depth: number): string {
    const on = isWrong() ? anyOf(random, typeNames) : type.name;
    return `... on ${on}${directives()} ${selectionSet(type, depth - 1)}`;
  }

  function spread(type: GraphQLCompositeType): string {
    const known = [...fragmentTypes]
      .slice(writtenFragments)
      .filter(([, of]) => of === type)
      .map(([name]) => name);
    const name = known.length > 0 && chance(random, 50) ? anyOf(random, known) : `F${fragmentTypes.size}`;
    fragmentTypes.set(name, type);
    return `...${isWrong() ? word(random) : name}${directives()}`;
  }

  function selection(type: GraphQLCompositeType, depth: number): string {
    selectionsLeft -= 1;
    if (chance(random, 5)) return '__typename';
    if (depth > 0 && chance(random, isUnionType(type) ? 85 : 15)) {
      const narrowed = anyOf(random, narrowings.get(type) ?? composites);
      return chance(random, 60) ? inlineFragment(narrowed, depth) : spread(narrowed);
    }
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    const reachable = fields.filter((one) => depth > 0 || !isCompositeType(getNamedType(one.type)));
    return reachable.length > 0 ? field(anyOf(random, reachable), depth) : '__typename';
  }

  function selectionSet(type: GraphQLCompositeType, depth: number): string {
    if (isWrong() && chance(random, 10)) return '{}';
    if (selectionsLeft <= 0) return '{ __typename }';
    const most = isWrong() && chance(random, 20) ? 30 : 3;
    return `{ ${several(random, 1, most, () => selection(type, depth)).join(random.pick([' ', '\n', ', ']))} }`;
  }

  function definition(isAlone: boolean): { name: string; text: string } {
    const kind = isWrong() ? random.pick(operationKinds) : anyOf(random, operationKinds.slice(0, -1));
    const root =
      (kind === 'mutation' ? schema.getMutationType() : schema.getQueryType()) ?? anyOf(random, composites);
    const depth = isWrong() ? random.integer(0, 14) : 3;
    const selected = kind !== 'mutation' && chance(random, 10) ? introspection() : selectionSet(root, depth);
    const declarations = values.takeDeclarations();
    if (isAlone && kind === 'query' && declarations === '' && chance(random, 30))
      return { name: '', text: selected };
    const name = isAlone || isWrong() ? random.pick(['', 'Q', word(random), marker]) : word(random);
    return { name, text: `${kind} ${name}${declarations}${isWrong() ? directives() : ''} ${selected}` };
  }

  function introspection(): string {
    const levels = isWrong() ? random.integer(1, 30) : 1;
    const type = isWrong() ? oddLiteral(making) : JSON.stringify(anyOf(random, typeNames));
    return random.pick([
      '{ __schema { types { name kind fields { name type { name ofType { name } } } } } }',
      `{ __type(name: ${type}) { name fields(includeDeprecated: true) { name args { name } } possibleTypes { name } } }`,
      '{ __schema { directives { name locations } queryType { name } } }',
      `{ __schema { types { ${'fields { type { '.repeat(levels)}name${' } }'.repeat(levels)} } } }`,
    ]);
  }

  /** The fragments that were spread; those that they spread in turn come to be among them. */
  function fragments(): string[] {
    const texts: string[] = [];
    for (const [name, type] of fragmentTypes) {
      writtenFragments += 1; // it spreads those that come after it: no circles
      if (isWrong() && chance(random, 30)) continue;
      const on = isWrong() ? anyOf(random, typeNames) : type.name;
      const circle = isWrong() ? `...F${random.integer(0, fragmentTypes.size)}` : '';
      texts.push(
        `fragment ${name} on ${on}${isWrong() ? directives() : ''} { ${circle} ... ${inside(type, texts.length)} }`,
      );
    }
    return texts;
  }

  const inside = (type: GraphQLCompositeType, before: number) => selectionSet(type, before > 8 ? 0 : 2);

  return { definition, fragments, variables: values.variables };
}
