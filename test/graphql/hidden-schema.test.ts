import { type ASTNode, Kind, parse, visit } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSchema } from '../../src/graphql/schema.ts';
import type { GraphqlAnswer } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

type Asked = { query: string; variables?: Record<string, unknown>; operationName?: string };
/** What is wrong, what is asked, and what a gateway that shows its schema says of it. */
type Wrong = [title: string, asked: Asked, told: RegExp];

/** All names that the schema has: of types, also those that GraphQL brings, fields, arguments and values. */
function namesOfSchema(): Set<string> {
  const names = new Set<string>();
  visit(parse(readSchema()), {
    enter(node: ASTNode) {
      if (node.kind === Kind.NAME) names.add(node.value);
    },
  });
  return names;
}

const names = namesOfSchema();
const words = (text: string): string[] => text.match(/\w+/g) ?? [];

/** The texts in an answer, wherever they stand; its own property names are the same in all answers. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The names of the schema that an answer tells, beside those that the client has said itself. */
function namesTold(answer: GraphqlAnswer, asked: Asked): string[] {
  const said = new Set(words(JSON.stringify(Object.entries(asked))));
  return textsIn(answer)
    .flatMap(words)
    .filter((word) => names.has(word) && !said.has(word));
}

const query = (text: string, variables?: Record<string, unknown>): Asked => ({
  query: text,
  ...(variables && { variables }),
});
const connect = (argument: string, declared = '') =>
  `mutation ${declared} { connectAwsAccount(${argument}) { account { id } } }`;
const disconnect = (declared: string) =>
  `mutation (${declared}) { disconnectAccount(id: $a) { __typename } }`;

/** Operations that do not fit the schema, each near to something that does. */
const wrong: Wrong[] = [
  [
    'a misspelt field',
    query('{ azureSubscription { id } }'),
    /"Query"\. Did you mean "azureSubscriptions"\?/,
  ],
  ['a misspelt mutation', query('mutation { logOut { x } }'), /"Mutation"\. Did you mean "logout"\?/],
  ['a misspelt field of an object', query('{ me { emial } }'), /"CurrentUser"\. Did you mean "email"/],
  ['a field of one type of a union', query('{ accounts { tenantId } }'), /inline fragment on "AzureAccount"/],
  ['a field of the interface of a union', query('{ accounts { displayName } }'), /"ConnectedAccount"/],
  ['a misspelt argument', query(connect('rolArn: "x"')), /Did you mean "roleArn"\?/],
  [
    'an argument where there is none',
    query('{ me(x: 1) { name } }'),
    /Unknown argument "x" on field "Query\.me"/,
  ],
  [
    'a missing argument',
    query('mutation { disconnectAccount { id } }'),
    /argument "id" of type "ID!" is required/,
  ],
  ['an argument of null', query(connect('roleArn: null')), /Expected value of type "String!"/],
  ['an argument of another type', query(connect('roleArn: 1')), /String cannot represent/],
  ['a list for an argument', query(connect('roleArn: ["x"]')), /String cannot represent/],
  ['an object for an argument', query(connect('roleArn: { x: 1 }')), /String cannot represent/],
  ['no selection', query('{ azureSubscriptions }'), /of type "\[AzureSubscription!\]" must have a selection/],
  [
    'a selection of a leaf',
    query('{ me { sessionExpiresAt { x } } }'),
    /since type "DateTime" has no subfields/,
  ],
  [
    'a selection of an enum',
    query('{ accounts { ... on AwsAccount { provider { x } } } }'),
    /"CloudProvider!"/,
  ],
  ['a misspelt type', query('{ accounts { ... on AzureAcount { id } } }'), /Did you mean "AzureAccount"/],
  [
    'an unknown type of a fragment',
    query('fragment F on AwsAcount { id } { accounts { ...F } }'),
    /"AwsAccount"/,
  ],
  [
    'a fragment that is impossible',
    query('{ me { ... on AwsAccount { id } } }'),
    /of type "CurrentUser" can never/,
  ],
  [
    'a named fragment that is impossible',
    query('{ me { ...F } } fragment F on GcpAccount { id }'),
    /"CurrentUser"/,
  ],
  [
    'a fragment on a leaf',
    query('{ me { ... on CloudProvider { x } } }'),
    /on non composite type "CloudProvider"/,
  ],
  ['an unknown directive', query('{ me @includes(if: true) { name } }'), /Unknown directive "@includes"/],
  ['a misspelt type of a variable', query(disconnect('$a: Strin!'), { a: 'x' }), /Did you mean "String"/],
  [
    'a variable of an object type',
    query(disconnect('$a: AwsAccount'), { a: {} }),
    /cannot be non-input type/,
  ],
  ['a variable of another type', query(disconnect('$a: Boolean!'), { a: true }), /expecting type "ID!"/],
  ['a variable that may be null', query(disconnect('$a: ID'), { a: 'x' }), /expecting type "ID!"/],
  ['an undeclared variable', query(connect('roleArn: $a')), /Variable "\$a" is not defined/],
  ['a misspelt value', query(disconnect('$a: CloudProvider = azur')), /Did you mean the enum value "azure"/],
  ['a value as a text', query(disconnect('$a: CloudProvider = "gcp"')), /Did you mean the enum value "gcp"/],
  [
    'a misspelt value in variables',
    query(disconnect('$a: CloudProvider!'), { a: 'azur' }),
    /expecting type "ID!"/,
  ],
  ['a value where a text belongs', query(connect('roleArn: azur')), /String cannot represent/],
  [
    'fields that conflict',
    query('{ accounts { ... on AzureAccount { x: tenantId } ... on GcpAccount { x: email } } }'),
    /conflicting types "ID!" and "String"/,
  ],
  ['no variables', query(disconnect('$a: ID!')), /of required type "ID!" was not provided/],
  [
    'a variable of null',
    query(disconnect('$a: ID!'), { a: null }),
    /of non-null type "ID!" must not be null/,
  ],
  ['an object in variables', query(disconnect('$a: ID!'), { a: { x: 1 } }), /ID cannot represent value/],
  [
    'a number in variables',
    query(connect('roleArn: $a', '($a: String!)'), { a: 1 }),
    /String cannot represent a/,
  ],
  [
    'a list in variables',
    query(connect('roleArn: $a', '($a: String!)'), { a: [] }),
    /String cannot represent a/,
  ],
  ['a syntax error', query('{ me { name }'), /Syntax Error: Expected Name, found <EOF>/],
  ['an empty selection', query('{ me { } }'), /Syntax Error: Expected Name, found "}"/],
  ['a text without an end', query('{ accounts(x: "'), /Syntax Error: Unterminated string/],
  [
    'an unknown operation',
    { query: 'query A { me { name } }', operationName: 'B' },
    /Unknown operation named "B"/,
  ],
  [
    'a subscription',
    query('subscription { accounts { ... on AzureAccount { subscriptions } } }'),
    /This gateway has no subscriptions/,
  ],
];

/** Ways to ask for the schema itself. */
const introspection = [
  '{ __schema { types { name } } }',
  '{ __type(name: "Query") { fields { name } } }',
  '{ me { name } a: __schema { queryType { name } } }',
  '{ ...F } fragment F on Query { ... { __type(name: "X") { kind } } }',
  'mutation B { logout { message } } query A { __schema { mutationType { name } } }',
  'query ($skipped: Boolean!) { me { name } __schema @skip(if: $skipped) { types { name } } }',
];

describe('with introspection off', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ env: { INTROSPECTION: 'off' } });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each(wrong)('%s is refused without a word of the schema', async (_title, asked) => {
    const answer = await ask(gateway, asked);
    expect(answer.errors?.length).toBeGreaterThan(0);
    expect(namesTold(answer, asked)).toEqual([]);
    expect(JSON.stringify(answer)).not.toMatch(/did you mean/i);
    for (const error of answer.errors ?? []) {
      expect(Object.keys(error.extensions).sort()).toEqual(['code', 'requestId']);
      expect(['locations', 'message', 'extensions']).toEqual(expect.arrayContaining(Object.keys(error)));
    }
  });

  it.each(introspection)('%s is refused, and told why', async (text) => {
    const asked = query(text, text.includes('$skipped') ? { skipped: true } : undefined);
    const answer = await ask(gateway, asked);
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.map(({ message }) => message)).toContain('Introspection is off on this gateway');
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(namesTold(answer, asked)).toEqual([]);
  });

  it('operations that fit are answered, __typename and all', async () => {
    expect(await ask(gateway, query('{ __typename me { __typename loggedIn } }'))).toEqual({
      data: { __typename: 'Query', me: { __typename: 'CurrentUser', loggedIn: false } },
    });
  });

  it('an operation that is too large is told so', async () => {
    const aliases = Array.from({ length: 16 }, (_, at) => `a${at}: __typename`);
    const { errors } = await ask(gateway, query(`{ me { ${aliases.join(' ')} } }`));
    expect(errors).toMatchObject([
      { message: 'The operation has more than the 15 aliases that are allowed' },
    ]);
  });
});

describe('with introspection on', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ env: { INTROSPECTION: 'on' } });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each(wrong)('%s is told what would be right', async (_title, asked, told) => {
    const { errors = [] } = await ask(gateway, asked);
    expect(errors.map(({ message }) => message).join('\n')).toMatch(told);
  });

  it('most of that is told in names of the schema', async () => {
    const answers = await Promise.all(
      wrong.map(async ([, asked]) => namesTold(await ask(gateway, asked), asked)),
    );
    expect(answers.filter((told) => told.length > 0).length).toBeGreaterThan(wrong.length / 2);
  });

  it.each(introspection)('%s is answered', async (text) => {
    const asked = {
      ...query(text, { skipped: false }),
      ...(text.includes('query A') && { operationName: 'A' }),
    };
    expect((await ask(gateway, asked)).errors).toBeUndefined();
  });
});

const ask = (gateway: TestGateway, asked: Asked): Promise<GraphqlAnswer> =>
  gateway.browser().json('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
