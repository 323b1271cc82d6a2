import { gzipSync } from 'node:zlib';
import type { RequestParts } from '../../support/send-request.ts';
import { type BadRequest, badRequest, foreign, post, type Row, refusedWith } from './bad-request.ts';
import { faultsOfBodies } from './bodies.ts';

const path = '/graphql';
const good = JSON.stringify({ query: '{ me { name } }' });
const json = (body: unknown, headers: Record<string, string> = {}) => post(JSON.stringify(body), headers);

/** As a GET whose headers no foreign form can send. */
const get = (query: Record<string, string> | string): [string, RequestParts] => [
  `${path}?${new URLSearchParams(query)}`,
  { headers: { 'apollo-require-preflight': '1' } },
];

/** Requests that are no well-formed GraphQL request (GraphQL over HTTP, section 5): 400, whatever the client accepts. */
const noRequests = refusedWith(badRequest, [
  ['no body', path, post()],
  ['an empty body', path, post('')],
  ...['null', '1', '"{ me { name } }"', 'true', '{', '{"query":', "{'query': 1}", 'query={me{name}}'].map(
    (body): Row => [`the body ${body}`, path, post(body)],
  ),
  ['nothing but spaces', path, post('   ')],
  ['a body with more behind it', path, post(`${good}${good}`)],
  ['bytes that are no JSON', path, post(Buffer.from([0xff, 0xfe, 0x7b, 0x00]))],
  ['a body that is no gzip', path, post(good, { 'content-encoding': 'gzip' })],
  ['half a gzip', path, post(gzipSync(good).subarray(0, 20), { 'content-encoding': 'gzip' })],
  ['an empty object', path, json({})],
  ['an empty array', path, json([])],
  ['a batch', path, json([{ query: '{ me { name } }' }])],
  [
    'a batch of two',
    path,
    json([{ query: '{ me { name } }' }, { query: 'mutation { logout { message } }' }]),
  ],
  ['a batch of null', path, json([null])],
  ['arrays in arrays', path, json([[[{ query: '{ me { name } }' }]]])],
  ['10,000 brackets', path, post('['.repeat(10_000) + ']'.repeat(10_000))],
  ['10,000 objects', path, post('{"query":'.repeat(10_000) + 1 + '}'.repeat(10_000))],
  ...[null, 1, 0, '', true, false, [], ['{ me { name } }'], {}, { kind: 'Document', definitions: [] }].map(
    (query): Row => [`query ${JSON.stringify(query)}`, path, json({ query })],
  ),
  ...['{}', '', 'x', 1, 0, true, false, [], [{}]].map(
    (variables): Row => [
      `variables ${JSON.stringify(variables)}`,
      path,
      json({ query: '{ me { name } }', variables }),
    ],
  ),
  ...[1, 0, false, {}, [], ['A']].map(
    (operationName): Row => [
      `operationName ${JSON.stringify(operationName)}`,
      path,
      json({ query: 'query A { me { name } }', operationName }),
    ],
  ),
  ...['{}', '', 1, 0, true, []].map(
    (extensions): Row => [
      `extensions ${JSON.stringify(extensions)}`,
      path,
      json({ query: '{ me { name } }', extensions }),
    ],
  ),
  ['query of another case', path, json({ Query: '{ me { name } }' })],
  ['query below __proto__', path, post('{"__proto__": {"query": "{ me { name } }"}}')],
  ['query below constructor', path, json({ constructor: { prototype: { query: '{ me { name } }' } } })],
  ['a query in the address alone', `${path}?query={me{name}}`, post()],
  ['a query in the address alone', `${path}?query={me{name}}`, json({})],
  ['a GET of nothing', path],
  ['a GET of nothing', ...get('')],
  ['a GET that any page could send', `${path}?query={me{name}}`],
  ['a GET as a form', `${path}?query={me{name}}`, { headers: { 'content-type': 'text/plain' } }],
  ['an empty query', ...get({ query: '' })],
  ['two queries', ...get('query={me{name}}&query={me{email}}')],
  ['a query as an array', ...get('query[]={me{name}}')],
  ['two operationNames', ...get('query={me{name}}&operationName=A&operationName=B')],
  ...['x', '{', '[]', '1', '"{}"', 'null', ''].map(
    (variables): Row => [`variables ${variables}`, ...get({ query: '{ me { name } }', variables })],
  ),
  ...['x', '[]', '1'].map(
    (extensions): Row => [`extensions ${extensions}`, ...get({ query: '{ me { name } }', extensions })],
  ),
  [
    'a GET with a body',
    path,
    { method: 'GET', headers: { ...get('')[1].headers, 'content-type': 'application/json' }, body: good },
  ],
]);

type Operation = [title: string, code: string, body: Record<string, unknown>];

const connect = 'mutation ($roleArn: String!) { connectAwsAccount(roleArn: $roleArn) { account { id } } }';
const rejected = (title: string, roleArn: unknown): Operation => [
  title,
  'BAD_USER_INPUT',
  { query: connect, variables: { roleArn } },
];
const unparsed = (title: string, query: string): Operation => [title, 'GRAPHQL_PARSE_FAILED', { query }];
const invalid = (title: string, query: string): Operation => [title, 'GRAPHQL_VALIDATION_FAILED', { query }];
const unresolved = (title: string, query: string, operationName?: string): Operation => [
  title,
  'OPERATION_RESOLUTION_FAILURE',
  { query, operationName },
];
const times = (count: number, text: string) => Array.from({ length: count }, () => text).join(' ');

/** Well-formed requests whose operation is none. */
const operations: Operation[] = [
  unparsed('a syntax error', '{'),
  unparsed('nothing but a comment', '# { me { name } }'),
  unparsed('spaces', '  '),
  unparsed('no selection', '{ me { } }'),
  unparsed('NUL', '{ me { name \u0000 } }'),
  unparsed('no ASCII name', '{ mé { name } }'),
  unparsed('a lone surrogate', '{ me { name } } \ud800'),
  unparsed('an escaped lone surrogate', '{ disconnectAccount(id: "\\uD800") { id } }'),
  unparsed('an unfinished string', '{ me(a: "x) { name } }'),
  unparsed('a number that is none', '{ me(a: 01) { name } }'),
  unparsed('5,000 braces', '{'.repeat(5000)),
  unparsed('5,000 brackets', `{ me(a: ${'['.repeat(5000)}`),
  unparsed('5,000 fields', `{ me { ${times(5000, 'name')} } }`),
  unparsed('a script', '<script>alert(1)</script>'),
  invalid('an unknown field', '{ nothing }'),
  invalid('an unknown field of every object', '{ __proto__ constructor { toString } }'),
  invalid('an unknown type', 'query ($a: Nothing) { me { name } }'),
  invalid('an unknown argument', '{ me(id: 1) { name } }'),
  invalid('an unknown directive', '{ me @nothing { name } }'),
  invalid('an unknown fragment', '{ me { ...nothing } }'),
  invalid('an unused fragment', '{ me { name } } fragment A on CurrentUser { name }'),
  invalid('fragments alone', 'fragment A on CurrentUser { name }'),
  invalid('a circle of fragments', '{ me { ...A } } fragment A on CurrentUser { ...A }'),
  invalid('an object without fields', '{ me }'),
  invalid('fields of a scalar', '{ me { name { first } } }'),
  invalid('a missing argument', 'mutation { disconnectAccount { id } }'),
  invalid('an argument of another type', 'mutation { connectAwsAccount(roleArn: 1) { account { id } } }'),
  invalid(
    'a huge number',
    `mutation { connectAwsAccount(roleArn: ${'9'.repeat(50_000)}) { account { id } } }`,
  ),
  invalid('an undeclared variable', 'mutation { connectAwsAccount(roleArn: $a) { account { id } } }'),
  invalid(
    'a variable of another type',
    'mutation ($a: Int!) { connectAwsAccount(roleArn: $a) { account { id } } }',
  ),
  invalid('two operations of one name', 'query A { me { name } } query A { me { email } }'),
  invalid('two operations, one unnamed', 'query A { me { name } } { me { email } }'),
  invalid('a definition of a type', '{ me { name } } type Query { me: String }'),
  invalid('too many levels', `{ accounts { ${times(8, '... on AzureAccount {')} id ${times(8, '}')} } }`),
  invalid('too many aliases', `{ ${Array.from({ length: 40 }, (_, at) => `a${at}: __typename`).join(' ')} }`),
  invalid('too many directives', `{ me { name ${times(60, '@include(if: true)')} } }`),
  unresolved('an unknown operationName', 'query A { me { name } }', 'B'),
  unresolved('an operationName of every object', 'query A { me { name } }', '__proto__'),
  unresolved('an operationName for an unnamed one', '{ me { name } }', 'constructor'),
  unresolved('two operations without a name', 'query A { me { name } } query B { me { name } }'),
  unresolved('a subscription', 'subscription { me { name } }'),
  ['no variables', 'BAD_USER_INPUT', { query: connect }],
  ['variables null', 'BAD_USER_INPUT', { query: connect, variables: null }],
  rejected('a variable null', null),
  rejected('a variable number', 1),
  rejected('a variable object', { a: 1 }),
  rejected('a variable array', ['a']),
  rejected('a variable boolean', true),
  [
    'a variable below __proto__',
    'BAD_USER_INPUT',
    { query: connect, variables: JSON.parse('{"__proto__": {"roleArn": "a"}}') },
  ],
];

/**
 * Refused with 200 under application/json, as statuses there are the transport's, and with 400 to clients that take
 * application/graphql-response+json (GraphQL over HTTP, section 6.4).
 */
const refusedOperations = operations.flatMap(([title, code, body]) => [
  ...refusedWith({ status: 200, code }, [[title, path, json(body)]]),
  ...refusedWith({ status: 400, code }, [
    [
      `${title}, for a client of GraphQL over HTTP`,
      path,
      json(body, { accept: 'application/graphql-response+json' }),
    ],
  ]),
]);

const nested = (depth: number) =>
  `{"query": ${JSON.stringify(connect)}, "variables": {"roleArn": ${'['.repeat(depth)}${']'.repeat(depth)}}}`;

const variables = refusedWith({ status: 200, code: 'BAD_USER_INPUT' }, [
  ['a variable of 10,000 brackets', path, post(nested(10_000))],
  ['a variable 1e400', path, post(`{"query": ${JSON.stringify(connect)}, "variables": {"roleArn": 1e400}}`)],
  ['no variables, GET', ...get({ query: 'query ($a: Boolean!) { me { name @include(if: $a) } }' })],
]);

const mutations = [
  ...refusedWith({ status: 405, code: 'METHOD_NOT_ALLOWED' }, [
    ['a mutation by GET', ...get({ query: 'mutation { logout { message } }' })],
    [
      'a named mutation by GET',
      ...get({ query: 'query A { me { name } } mutation B { logout { message } }', operationName: 'B' }),
    ],
  ]),
  ...refusedWith(
    { status: 200, code: 'AWS_ROLE_INVALID', signedOut: { status: 200, code: 'UNAUTHENTICATED' } },
    [
      ['a bad ARN', path, json({ query: connect, variables: { roleArn: 'x' } })],
      ['an empty ARN', path, json({ query: connect, variables: { roleArn: '' } })],
      ['an ARN with a lone surrogate', path, json({ query: connect, variables: { roleArn: 'arn:\ud800' } })],
      ['an ARN with NUL', path, json({ query: connect, variables: { roleArn: 'arn:\u0000' } })],
      ['an ARN of 90 kB', path, json({ query: connect, variables: { roleArn: 'a'.repeat(90_000) } })],
    ],
  ),
  ...refusedWith(
    { status: 200, code: 'ACCOUNT_NOT_FOUND', signedOut: { status: 200, code: 'UNAUTHENTICATED' } },
    ['x', '', '__proto__', 'constructor', 'azure:', 'aws:\ud800', 1, 'a'.repeat(90_000)].map((id) => [
      `no account ${JSON.stringify(id).slice(0, 30)}`,
      path,
      json({ query: 'mutation ($id: ID!) { disconnectAccount(id: $id) { id } }', variables: { id } }),
    ]),
  ),
  ...refusedWith(
    foreign,
    ['https://evil.example', 'null', '', 'http://localhost:3000.evil.example'].flatMap((origin) => [
      [`a mutation from "${origin}"`, path, json({ query: 'mutation { logout { message } }' }, { origin })],
      [
        `a second mutation from "${origin}"`,
        path,
        json(
          { query: 'query A { me { name } } mutation B { logout { message } }', operationName: 'B' },
          { origin },
        ),
      ],
    ]),
  ),
];

const unreadableGets = refusedWith({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }, [
  ...['text/plain', `application/json;a=b${' '.repeat(15_000)}c`].map(
    (type): Row => [
      `a GET with the media type "${type.slice(0, 30)}"`,
      `${path}?query={me{name}}`,
      { headers: { 'content-type': type, 'apollo-require-preflight': '1' } },
    ],
  ),
]);

const persisted = refusedWith({ status: 200, code: 'PERSISTED_QUERY_NOT_SUPPORTED' }, [
  ['a persisted query', path, json({ extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } })],
  [
    'a persisted query to keep',
    path,
    json({ query: '{ me { name } }', extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } }),
  ],
  ['a persisted query, GET', ...get({ extensions: '{"persistedQuery":{"version":1,"sha256Hash":"a"}}' })],
]);

const accepts = [
  ...refusedWith({ status: 406, code: 'BAD_REQUEST' }, [
    ...['text/html', 'application/xml', 'image/*', 'application/json;q=0', 'nonsense', ','].map(
      (accept): Row => [`accepts "${accept}"`, path, json({ query: '{ me { name } }' }, { accept })],
    ),
    [
      'a mutation that accepts no JSON',
      path,
      json({ query: 'mutation { logout { message } }' }, { accept: 'text/html' }),
    ],
    ['a syntax error that accepts no JSON', path, json({ query: '{' }, { accept: 'text/html' })],
    [
      'a GET that accepts no JSON',
      `${path}?query={me{name}}`,
      { headers: { accept: 'text/html', 'apollo-require-preflight': '1' } },
    ],
  ]),
  ...refusedWith({ status: 400, code: 'GRAPHQL_PARSE_FAILED' }, [
    [
      'accepts GraphQL in capitals',
      path,
      json({ query: '{' }, { accept: 'Application/GraphQL-Response+JSON' }),
    ],
    [
      'accepts GraphQL first',
      path,
      json({ query: '{' }, { accept: 'application/graphql-response+json, application/json;q=0.9' }),
    ],
  ]),
  ...refusedWith({ status: 200, code: 'GRAPHQL_PARSE_FAILED' }, [
    ['accepts anything', path, json({ query: '{' }, { accept: '*/*' })],
    [
      'accepts JSON first',
      path,
      json({ query: '{' }, { accept: 'application/json, application/graphql-response+json;q=0' }),
    ],
  ]),
];

/** Bad requests to GraphQL. */
export const badGraphqlRequests: BadRequest[] = [
  ...noRequests,
  ...faultsOfBodies(path, good),
  ...refusedOperations,
  ...variables,
  ...mutations,
  ...unreadableGets,
  ...persisted,
  ...accepts,
];
