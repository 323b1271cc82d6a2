import {
  buildSchema,
  execute,
  type GraphQLObjectType,
  type GraphQLUnionType,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../src/graphql/compiled-query.ts';
import type { GraphqlContext } from '../../src/graphql/context.ts';

const schema = buildSchema(`
  enum Color { RED green }
  scalar Instant
  input Place { x: Int! y: Int = 2 tags: [String!] = ["a"] }
  interface Named { id: ID! name: String }
  type Cat implements Named { id: ID! name: String lives: Int friend: Pet }
  type Dog implements Named { id: ID! name: String! tricks(most: Int = 3): [String!]! }
  type Fish { id: ID! name: String }
  union Pet = Cat | Dog | Fish
  type Child { name: String child: Child late: Child self: Child! }
  type Query {
    text: String number: Int float: Float id: ID flag: Boolean color: Color at: Instant
    list: [Int!] nested: [[String]!]! none: [String] empty: [Int!]! late: String lateList: [Child!] mixed: [Child]
    told(id: ID = "1", place: Place, color: Color, list: [[Int]]): String
    pets: [Pet!]! latePets: [Pet] named: Named child: Child method: String missing: String
    failing: String failingLate: String must: String! mustLate: String! wrongNumber: Int wrongColor: Color
    wrongList: [Int] wrongItem: [Int!] wrongPet: Pet wrongInstant: Instant iterable: [Int]
  }
  type Mutation { text: String }
  type Subscription { text: String }
`);

const late = async <T>(value: T): Promise<T> => value;
const child = (name: string, depth = 3): unknown => ({
  name,
  child: depth > 0 ? child(`${name}.`, depth - 1) : null,
  late: late(depth > 0 ? child(`${name}~`, depth - 1) : undefined),
  self: { name },
});
const tom = { kind: 'Cat', id: 7, name: 'Tom "the cat" \u2028', lives: 9, friend: { kind: 'Fish', id: 'x' } };
const rex = { kind: 'Dog', id: 'rex', name: 'Rex' };
const failing = (): never => {
  throw new Error('it fails');
};

/** The calls of resolvers, with what they were given. */
let calls: unknown[] = [];
const values: Record<string, (args: Record<string, unknown>) => unknown> = {
  text: () => 'ą"\\\n\ud800😀',
  number: () => 5,
  float: () => 0.1,
  id: () => 12,
  flag: () => false,
  color: () => 'RED',
  at: () => new Date(0),
  list: () => [1, 2, 3],
  nested: () => [['a', null], []],
  none: () => null,
  empty: () => [],
  late: () => late('late'),
  lateList: () => late([child('a'), late(child('b'))]),
  mixed: () => [late(null), child('a'), null, late(child('b')), undefined],
  told: (args) => JSON.stringify(args),
  pets: () => [tom, rex, { kind: 'Fish', id: 1 }],
  latePets: () => [late(tom), null, late(rex)],
  named: () => rex,
  child: () => child('c'),
  missing: () => undefined,
  failing,
  failingLate: () => Promise.reject(new Error('it fails later')),
  must: () => null,
  mustLate: () => late(undefined),
  wrongNumber: () => 'x',
  wrongColor: () => 'BLUE',
  wrongList: () => 'x',
  wrongItem: () => [1, null],
  wrongPet: () => ({ kind: 'Child' }),
  wrongInstant: () => undefined,
  iterable: () => new Set([1, 2]),
};

const fieldsOf = (name: string) => (schema.getType(name) as GraphQLObjectType).getFields();
for (const [name, resolve] of Object.entries(values)) {
  const field = fieldsOf('Query')[name];
  if (!field) throw new Error(`There is no field ${name}`);
  field.resolve = (_root, args, context) => {
    calls.push([name, JSON.stringify(args), context]);
    return resolve(args);
  };
}
const tricks = fieldsOf('Dog').tricks;
if (tricks) tricks.resolve = (_dog, { most }) => ['sit', 'roll', 'play', 'dead'].slice(0, most);
for (const name of ['Pet', 'Named'])
  (schema.getType(name) as GraphQLUnionType).resolveType = ({ kind }: { kind: string }) => kind;

const context = { viewer: {} } as GraphqlContext;
type Given = { variables?: Record<string, unknown>; operationName?: string };

function compiled(query: string, { operationName }: Given = {}) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('There is no such operation');
  return compileQuery(schema, operation, document);
}

/** What graphql-js makes of a query, and which calls it takes. */
async function executed(query: string, { variables, operationName }: Given) {
  calls = [];
  const { data, errors } = await execute({
    schema,
    document: parse(query),
    contextValue: context,
    variableValues: variables,
    operationName,
  });
  return { text: JSON.stringify(data), failed: errors !== undefined, calls };
}

describe('a compiled query gives what graphql-js gives, by the same calls', () => {
  it.each<[query: string, given?: Given]>([
    ['{ text number float id flag color at }'],
    ['{ list nested none empty missing }'],
    ['{ late lateList { name child { name } late { name late { name } } } number }'],
    ['{ mixed { name child { name child { name child { name child { name } } } } } }'],
    ['{ child { self { name } ...F child { ...F } } } fragment F on Child { self { __typename name } }'],
    [
      '{ pets { __typename ... on Named { id name } ... on Fish { id } ... on Cat { lives friend { __typename } } } }',
    ],
    ['{ latePets { ... on Dog { tricks few: tricks(most: 1) } } named { id ... on Dog { name } } }'],
    [
      '{ pets { ...P } } fragment P on Pet { ... on Cat { ...C } ... on Dog { ...D } } fragment C on Cat { friend { ...Q } } fragment D on Dog { id } fragment Q on Pet { ... on Fish { id name } }',
    ],
    ['{ b: number a: number __proto__: text constructor: number c: __typename }'],
    ['{ child { name } child { child { name } } ... { child { child { self { name } name } } } }'],
    ['{ told none: told(id: null) one: told(id: 5) }'],
    [
      '{ told(place: {x: 1}) two: told(place: {x: 1, y: null, tags: "b"}, color: green, list: [1, [2, null]]) }',
    ],
    [
      'query ($id: ID, $x: Int = 4, $place: Place) { told(id: $id, place: {x: $x}) two: told(place: $place) }',
    ],
    [
      'query ($id: ID, $place: Place) { told(id: $id, place: $place) }',
      { variables: { id: null, place: { x: 3 } } },
    ],
    [
      'query ($l: [[Int]] = [[1]], $c: Color = RED) { told(list: $l, color: $c) }',
      { variables: { l: 5, c: 'green' } },
    ],
    ['query ($id: ID = "7") { told(id: $id) }', { variables: { other: 1 } }],
    ['{ number @skip(if: true) text @include(if: true) float @include(if: false) flag @skip(if: false) }'],
    ['{ ...F @skip(if: true) ...F } fragment F on Query { number }'],
    ['{ number @skip(if: true) }'],
    ['query A { number } query B { text }', { operationName: 'B' }],
    [
      '{ ... on Query { ... on Query { number } } ...F } fragment F on Query { ...G text } fragment G on Query { late }',
    ],
    ['{ named { ... on Cat { lives } } }'],
  ])('%s', async (query, given = {}) => {
    const expected = await executed(query, given);
    expect(expected.failed).toBe(false);
    calls = [];
    const run = compiled(query, given)?.run;
    expect(calls).toEqual([]);
    for (let time = 0; time < 2; time++) {
      calls = [];
      expect(await run?.(context, given.variables ?? {})).toBe(expected.text);
      expect(calls).toEqual(expected.calls);
    }
  });

  it('at once, where no resolver is waited for', () => {
    expect(compiled('{ number list child { name } }')?.run(context, {})).toBe(
      '{"number":5,"list":[1,2,3],"child":{"name":"c"}}',
    );
    expect(compiled('{ number late }')?.run(context, {})).toBeInstanceOf(Promise);
  });
});

describe('a compiled query fails where a field does', () => {
  it.each<[query: string, given?: Given]>([
    ['{ number failing }'],
    ['{ late failingLate text }'],
    ['{ failingLate other: failingLate failing }'], // what else rejects is heard as well
    ['{ must }'],
    ['{ number mustLate }'],
    ['{ wrongNumber }'],
    ['{ wrongColor }'],
    ['{ wrongList }'],
    ['{ wrongItem }'],
    ['{ wrongPet { __typename } }'],
    [
      '{ pets { ... on Cat { friend { ... on Cat { friend { ... on Dog { tricks(most: 1) } } } } } } failing }',
    ],
    ['query ($x: Int!) { told(place: {x: $x}) }', { variables: { x: 'a' } }],
    ['query ($x: Int!) { told(place: {x: $x}) }'],
    ['query ($c: Color) { told(color: $c) }', { variables: { c: 'BLUE' } }],
    ['query ($p: Place) { told(place: $p) }', { variables: { p: { x: 1, z: 1 } } }],
  ])('%s', async (query, given = {}) => {
    expect((await executed(query, given)).failed).toBe(true);
    const run = compiled(query, given)?.run;
    await expect((async () => run?.(context, given.variables ?? {}))()).rejects.toThrow();
  });

  it('also where graphql-js would take what it does not know: it is asked then', async () => {
    expect((await executed('{ iterable }', {})).text).toBe('{"iterable":[1,2]}');
    expect(() => compiled('{ iterable }')?.run(context, {})).toThrow();
  });
});

describe('what is left to graphql-js', () => {
  it.each([
    ['a condition by a variable', 'query ($a: Boolean!) { number @include(if: $a) text }'],
    ['one on a fragment', 'query ($a: Boolean!) { ... @skip(if: $a) { number } text }'],
    [
      'one far within',
      'query ($a: Boolean = true) { child { child { name @skip(if: $a) child { name } } } }',
    ],
    ['a question about the schema', '{ number __schema { queryType { name } } }'],
    ['a question about a type', '{ __type(name: "Cat") { name } }'],
    ['a mutation', 'mutation { text }'],
    ['a subscription', 'subscription { text }'],
  ])('%s', (_title, query) => {
    expect(compiled(query)).toBeUndefined();
  });

  it('what comes to more than 500 fields, however short it is written', () => {
    const inside = 'a: name b: name c: name d: name e: name';
    const of = (children: number) =>
      `{ ${Array.from({ length: children }, (_, at) => `c${at}: child { ...F }`).join(' ')} } fragment F on Child { ${inside} }`;
    expect(compiled(of(10))?.fields).toBe(60);
    expect(compiled(of(80))?.fields).toBe(480);
    expect(compiled(of(90))).toBeUndefined();
  });

  it('a type of which nobody tells what its values are', () => {
    const bare = buildSchema('type A { id: ID } union U = A type Query { u: U }');
    const document = parse('{ u { __typename } }');
    const operation = getOperationAST(document);
    expect(operation && compileQuery(bare, operation, document)).toBeUndefined();
  });
});
