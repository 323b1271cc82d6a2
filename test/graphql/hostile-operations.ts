import { asking, chain, places, times } from './large-operations.ts';

/** An operation that is made to be expensive, the code that refuses it, and its variables. */
export type HostileOperation = [
  title: string,
  code: string,
  query: string,
  variables?: Record<string, unknown>,
];
type Titled = [title: string, query: string];

const [subscriptions] = places;
const { type } = subscriptions;
const ask = (selections: string, fragments = '') => asking(subscriptions, selections, fragments);
const connecting = (roleArn: string) =>
  `mutation { connectAwsAccount(roleArn: ${roleArn}) { account { id } } }`;
const connectingWith =
  'mutation ($roleArn: String!) { connectAwsAccount(roleArn: $roleArn) { account { id } } }';
const circle = (length: number) =>
  times(length, (at) => `fragment F${at} on ${type} { id ...F${(at + 1) % length} }`);
const state = (at: number) => ['id', 'state', 'tenantId'][at % 3];
const nestedArray = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
const nestedObject = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);

/** Far larger than the limit on tokens: refused while they are read. */
const endless: Titled[] = [
  ['a circle of 500 fragments', ask('...F0', circle(500))],
  ['a chain of 2,000 fragments', ask('...F0', chain(type, 2000))],
  ['2,000 times the same object', `{ ${times(2000, () => subscriptions.around('id'))} }`],
  ['3,000 aliases', ask(times(3000, (at) => `a${at}: id`))],
  ['500 inline fragments within each other', ask(`${times(500, () => '... {')} id ${times(500, () => '}')}`)],
  ['a list that is 10,000 deep', connecting('['.repeat(10_000) + ']'.repeat(10_000))],
  ['an object that is 5,000 deep', connecting(`${'{a:'.repeat(5000)}1${'}'.repeat(5000)}`)],
  ['a list of 20,000 values', connecting(`[${times(20_000, () => '1')}]`)],
  ['2,000 variables', `query (${times(2000, (at) => `$a${at}: String`)}) { ${subscriptions.around('id')} }`],
  ['2,000 directives on one field', ask(`id ${times(2000, () => '@include(if: true)')}`)],
  ['1,000 operations', times(1000, (at) => `query A${at} { ${subscriptions.around('id')} }`)],
  ['10,000 unknown fields', `{ ${times(10_000, (at) => `x${at}`)} }`],
  ['2,000 levels of introspection', introspection(1000)],
];

/** As much of it as the limit on tokens lets pass: refused by the rules of validation. */
const costly: Titled[] = [
  ['a fragment that spreads itself', ask('...F0', circle(1))],
  ['two fragments that spread each other', ask('...F0', circle(2))],
  ['a circle of 90 fragments', ask('...F0', circle(90))],
  [
    '20 fragments that all spread each other',
    ask(
      '...F0',
      times(20, (at) => `fragment F${at} on ${type} { ${times(20, (to) => `...F${to}`)} }`),
    ),
  ],
  ['a chain of 120 fragments', ask('...F0', chain(type, 120))],
  ['20 fragments, each of which spreads the next one twice', ask('...F0', chain(type, 20, 2))],
  ['9 fragments, each of which spreads the next one 40 times', ask('...F0', chain(type, 9, 40))],
  [
    'two chains of fragments to be compared',
    ask('...F0 ...G0', `${chain(type, 60)} ${chain(type, 60).replaceAll('F', 'G')}`),
  ],
  ['240 times the same object', `{ ${times(240, () => 'me { name }')} }`],
  ['900 times the same field', ask(times(900, () => 'id'))],
  ['300 fields of one alias', ask(times(300, (at) => `a: ${state(at)}`))],
  ['300 aliases', ask(times(300, (at) => `a${at}: ${state(at)}`))],
  [
    '80 fields of other arguments',
    `mutation { ${times(80, (at) => `connectAwsAccount(roleArn: "${at}") { account { id } }`)} }`,
  ],
  [
    '60 aliases of other arguments',
    `mutation { ${times(60, (at) => `a${at}: connectAwsAccount(roleArn: "${at}") { account { id } }`)} }`,
  ],
  ['320 inline fragments within each other', ask(`${times(320, () => '... {')} id ${times(320, () => '}')}`)],
  ['a list that is 450 deep', connecting('['.repeat(450) + ']'.repeat(450))],
  ['an object that is 240 deep', connecting(`${'{a:'.repeat(240)}1${'}'.repeat(240)}`)],
  ['a list of 900 values', connecting(`[${times(900, () => '1')}]`)],
  ['an object of one field 240 times', connecting(`{${times(240, () => 'a: 1')}}`)],
  ['240 variables', `query (${times(240, (at) => `$a${at}: String`)}) { ${subscriptions.around('id')} }`],
  ['one variable 240 times', `query (${times(240, () => '$a: String')}) { ${subscriptions.around('id')} }`],
  ['140 directives on one field', ask(`id ${times(140, () => '@include(if: true)')}`)],
  ['140 unknown directives', ask(times(140, (at) => `id @x${at}`))],
  ['120 operations of one name', times(120, () => `query A { ${subscriptions.around('id')} }`)],
  ['120 operations without a name', times(120, () => `{ ${subscriptions.around('id')} }`)],
  [
    '120 fragments of one name',
    ask(
      '...F',
      times(120, () => `fragment F on ${type} { id }`),
    ),
  ],
  ['900 unknown fields', `{ ${times(900, (at) => `x${at}`)} }`],
  ['900 misspelt fields', ask(times(900, (at) => `displayNam${at}`))],
  ['a field with a name of 80,000 letters', ask('displayName'.repeat(7300))],
  ['200 levels of introspection', introspection(100)],
];

/** Types of fields of types of fields, which are the same ones again and again. */
function introspection(levels: number): string {
  const inside = `${times(levels, () => 'fields { type {')} name ${times(levels, () => '} }')}`;
  return `{ ${subscriptions.around('id')} __schema { types { ${inside} } } }`;
}

/** Requests whose only purpose is to keep the gateway busy; each would reach a cloud if it were executed. */
export const hostileOperations: HostileOperation[] = [
  ...endless.map(([title, query]): HostileOperation => [title, 'GRAPHQL_PARSE_FAILED', query]),
  ...costly.map(([title, query]): HostileOperation => [title, 'GRAPHQL_VALIDATION_FAILED', query]),
  ...[nestedArray(1000), nestedObject(1000), Array(20_000).fill(1), { a: 'x'.repeat(50_000) }].map(
    (roleArn, at): HostileOperation => [
      `a variable that is ${['a deep list', 'a deep object', 'a long list', 'an object of a long text'][at]}`,
      'BAD_USER_INPUT',
      connectingWith,
      { roleArn },
    ],
  ),
];
