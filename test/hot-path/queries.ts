/** A GraphQL request as a front end sends it. */
export type Asked = {
  query?: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
  extensions?: Record<string, unknown> | null;
};

export type TitledQuery = {
  title: string;
  asked: Asked;
  /** Whether it is answered on the hot path once Apollo has admitted it, where none of its fields fails. */
  isHot: boolean;
  /** Whether it changes the session of whoever asks. */
  changes?: true;
};

type Entry = [title: string, query: string, more?: Omit<Asked, 'query'>];

const of =
  (isHot: boolean, changes?: true) =>
  ([title, query, more = {}]: Entry): TitledQuery => ({
    title,
    asked: { query, ...more },
    isHot,
    ...(changes && { changes }),
  });

const azure = '... on AzureAccount';
const gcp = '... on GcpAccount';
const aws = '... on AwsAccount';
const everyAccount = `__typename ... on ConnectedAccount { id provider displayName }
  ${azure} { tenantId subscriptions subscriptionDetails { id provider tenantId subscriptionId displayName state asOf } }
  ${gcp} { email accessToken refreshToken } ${aws} { roleArn externalId accountId }`;
const listing = 'query ($refresh: Boolean) { azureSubscriptions(refresh: $refresh) { id } }';
const listingByDefault =
  'query ($refresh: Boolean = true) { azureSubscriptions(refresh: $refresh) { id asOf } }';
const several = 'query A { me { name } } query B { me { email } } mutation C { logout { message } }';

const selections: Entry[] = [
  ['one field', '{ me { name } }'],
  ['all of the user', '{ me { loggedIn name email sessionExpiresAt } }'],
  [
    'all that there is',
    `{ me { loggedIn name email } accounts { ${everyAccount} } azureSubscriptions { id state } }`,
  ],
  [
    'the accounts without their lists',
    `{ accounts { ... on ConnectedAccount { id provider displayName } } }`,
  ],
  ['the tokens', `{ accounts { ${gcp} { accessToken refreshToken } } }`],
  [
    'the types alone',
    '{ __typename me { __typename } accounts { __typename } azureSubscriptions { __typename } }',
  ],
  ['types at their aliases', `{ a: __typename accounts { b: __typename ${azure} { c: __typename id } } }`],
  ['aliases', '{ who: me { called: name } again: me { at: email } }'],
  [
    'names that objects have',
    '{ __proto__: me { constructor: name toString: email hasOwnProperty: loggedIn } }',
  ],
  [
    'one alias for fields of several types',
    `{ accounts { ${azure} { key: tenantId } ${aws} { key: accountId } } }`,
  ],
  ['a lone __typename', '{ __typename }'],
  ['the same field again and again', '{ me { name name } me { name email name } }'],
];

const merged: Entry[] = [
  ['fields that are merged', '{ me { name } accounts { __typename } me { email name } }'],
  ['lists that are merged', '{ azureSubscriptions { id } azureSubscriptions { state id displayName } }'],
  [
    'fields that are merged over fragments',
    `{ accounts { ...A ...B } } fragment A on AzureAccount { subscriptionDetails { id } id }
     fragment B on AzureAccount { displayName subscriptionDetails { state } }`,
  ],
  [
    'a fragment on the query',
    '{ ...Q me { email } } fragment Q on Query { me { name } accounts { __typename } }',
  ],
  [
    'a fragment on the union',
    `{ accounts { ...F } } fragment F on CloudAccount { __typename ${azure} { tenantId } }`,
  ],
  [
    'a fragment on the interface within one on the union',
    `{ accounts { ...F } } fragment F on CloudAccount { ...G } fragment G on ConnectedAccount { id ${gcp} { email } }`,
  ],
  [
    'fragments within each other',
    `query Deep { me { ...A } } fragment A on CurrentUser { name ...B } fragment B on CurrentUser { email ...C ...C }
     fragment C on CurrentUser { loggedIn sessionExpiresAt }`,
  ],
  [
    'a fragment in two places',
    '{ a: me { ...F } b: me { ...F ...F } } fragment F on CurrentUser { name loggedIn }',
  ],
  ['inline fragments without a type', '{ ... { me { ... { name } } } ... { me { email } } }'],
  ['a fragment that suits no account', `{ accounts { ${aws} { roleArn } } }`],
  [
    'a fragment that is spread at several levels',
    `{ accounts { ${azure} { subscriptionDetails { ...S } } } azureSubscriptions { ...S } }
     fragment S on AzureSubscription { id displayName }`,
  ],
];

const conditions: Entry[] = [
  [
    'constant conditions',
    '{ me { name @skip(if: true) email @include(if: true) loggedIn @skip(if: false) } }',
  ],
  ['both conditions on one field', '{ me { name @skip(if: false) @include(if: false) email } }'],
  ['all fields left out', '{ me { name @skip(if: true) } }'],
  ['everything left out', '{ me @skip(if: true) { name } }'],
  [
    'a fragment that is left out first, and then is not',
    '{ me { ...F @skip(if: true) email ...F } } fragment F on CurrentUser { name }',
  ],
  ['an inline fragment that is left out', '{ me { name ... @include(if: false) { email } } }'],
  ['a field that is left out in one place', '{ me { name @skip(if: true) name } }'],
];

const written: Entry[] = [
  ['comments and commas', '# all\n{ # of\n ,,me,{,name,,email } # it\n}\n# end'],
  ['a byte order mark', '\ufeff{ me { name } }'],
  ['other line ends', '{\r\n\tme\r{\n\n name }\r\n}'],
  ['no space at all', '{me{name,email}accounts{__typename}}'],
  ['a comment in any language', '{ me { name } } # Zażółć gęślą 😀 \u2028 "\\u0041"'],
  ['a name', 'query WhoAmI { me { name } }'],
  ['a name of the console', 'query Accounts { accounts { __typename } }'],
  ['a name that objects have', 'query constructor { me { name } }', { operationName: 'constructor' }],
];

const given: Entry[] = [
  ['a variable', listing, { variables: { refresh: true } }],
  ['a variable that is false', listing, { variables: { refresh: false } }],
  ['a variable that is null', listing, { variables: { refresh: null } }],
  ['a variable that is missing', listing, { variables: {} }],
  ['no variables', listing, { variables: null }],
  ['the default of a variable', listingByDefault],
  ['null in the place of a default', listingByDefault, { variables: { refresh: null } }],
  ['more variables than are wanted', listing, { variables: { refresh: true, other: [1, { a: null }] } }],
  ['variables where none are wanted', '{ me { loggedIn } }', { variables: { a: 1, __proto__: { b: 1 } } }],
  [
    'a variable that has to be there',
    'query ($r: Boolean!) { azureSubscriptions(refresh: $r) { id } }',
    { variables: { r: false } },
  ],
  ['a constant', '{ azureSubscriptions(refresh: true) { id displayName asOf } }'],
  ['a constant null', '{ azureSubscriptions(refresh: null) { id displayName } }'],
  [
    'a variable in several places',
    `query ($r: Boolean) { azureSubscriptions(refresh: $r) { id }
     accounts { ${azure} { subscriptionDetails(refresh: $r) { id } held: subscriptionDetails { id asOf } } } }`,
    { variables: { r: true } },
  ],
  ['empty extensions', '{ me { email } }', { extensions: {} }],
  ['extensions of some tool', '{ me { email } }', { extensions: { clientLibrary: { name: 'x' } } }],
  ['nothing for everything', '{ me { email } }', { extensions: null, variables: null, operationName: null }],
  ['the first of several operations', several, { operationName: 'A' }],
  ['the second of several operations', several, { operationName: 'B' }],
  ['the name of the only operation', 'query A { me { loggedIn } }', { operationName: 'A' }],
];

const refused: Entry[] = [
  ['a variable of another type', listing, { variables: { refresh: 'yes' } }],
  ['a variable that is a list', listing, { variables: { refresh: [true] } }],
  [
    'a variable that has to be there and is not',
    'query ($r: Boolean!) { azureSubscriptions(refresh: $r) { id } }',
  ],
  [
    'null where a variable has to be',
    'query ($r: Boolean!) { me { name @include(if: $r) } }',
    { variables: { r: null } },
  ],
  ['a constant of another type', '{ azureSubscriptions(refresh: 1) { id } }'],
  ['no name for several operations', several],
  ['a name of none of the operations', several, { operationName: 'D' }],
  ['an empty name', '{ me { name } }', { operationName: '' }],
  ['another name than that of the only operation', 'query A { me { name } }', { operationName: 'B' }],
  ['an unknown field', '{ me { nam } }'],
  ['a field with an argument too many', '{ me(id: 1) { name } }'],
  ['no fields of an object', '{ me }'],
  ['fields that cannot be merged', '{ a: me { name } a: accounts { __typename } }'],
  ['an unknown fragment', '{ me { ...F } }'],
  ['a fragment that nobody spreads', '{ me { name } } fragment F on CurrentUser { name }'],
  ['a circle of fragments', '{ me { ...F } } fragment F on CurrentUser { ...F }'],
  ['a fragment on a type that it cannot be', '{ me { ... on AwsAccount { id } } }'],
  ['a directive that nobody knows', '{ me { name @defer } }'],
  ['a text that ends too early', '{ me { name }'],
  ['an empty text', ''],
  ['fragments alone', 'fragment F on CurrentUser { name }'],
  ['more levels than are allowed', '{ ... { ... { ... { ... { ... { me { name } } } } } } }'],
  [
    'more aliases than are allowed',
    `{ ${Array.from({ length: 16 }, (_, at) => `a${at}: me { name }`).join(' ')} }`,
  ],
  ['a subscription', 'subscription { me { name } }'],
  [
    "a query of Apollo's persisted ones",
    '{ me { name } }',
    { extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } },
  ],
  ['extensions with null for it', '{ me { name } }', { extensions: { persistedQuery: null } }],
];

/** What is answered, but for each request anew. */
const anew: Entry[] = [
  [
    'a condition by a variable',
    'query ($e: Boolean!) { me { name email @include(if: $e) } }',
    { variables: { e: true } },
  ],
  [
    'the other way',
    'query ($e: Boolean!) { me { name email @include(if: $e) } }',
    { variables: { e: false } },
  ],
  [
    'a condition by a default',
    'query ($e: Boolean = true) { me { ...F @skip(if: $e) } } fragment F on CurrentUser { name }',
  ],
  ['a question about the schema', '{ __schema { queryType { name } } }'],
  [
    'a question about a type beside data',
    '{ me { name } __type(name: "CurrentUser") { name fields { name } } }',
  ],
];

const changing: Entry[] = [
  ['signing out', 'mutation { logout { message } }'],
  ['signing out, beside queries', several, { operationName: 'C' }],
  [
    'disconnecting',
    'mutation ($id: ID!) { disconnectAccount(id: $id) { id accounts { __typename } } }',
    { variables: { id: 'gcp:ada@example.com' } },
  ],
  ['disconnecting what is not there', 'mutation { disconnectAccount(id: "aws:x") { id } }'],
  ['connecting what is no role', 'mutation { connectAwsAccount(roleArn: "x") { account { id } } }'],
];

/** Requests of every kind that the schema has. */
export const queries: readonly TitledQuery[] = [
  ...[...selections, ...merged, ...conditions, ...written, ...given].map(of(true)),
  ...[...refused, ...anew].map(of(false)),
  ...changing.map(of(false, true)),
];
