import type { RequestParts } from '../../support/send-request.ts';
import { post } from './bad-request.ts';

/** A request that is odd, and answered as one that is not: `like` is the path of that. */
export type OddRequest = { title: string; path: string; parts: RequestParts; like: string };

const odd = (like: string, title: string, path: string, parts: RequestParts = {}): OddRequest => ({
  title: `${title}: ${path.slice(0, 60)}`,
  path,
  parts,
  like,
});

const oddHeaders: Record<string, string>[] = [
  { accept: 'text/html' },
  { accept: 'application/json;q=0' },
  { accept: ',,;q=' },
  { 'accept-charset': 'utf-7' },
  { 'accept-encoding': 'nonsense;q=9' },
  { 'accept-language': 'x'.repeat(5000) },
  { range: 'bytes=5-2' },
  { range: 'bytes=0-1,2-3,-' },
  { range: 'nonsense' },
  { 'if-none-match': '"x"' },
  { 'if-modified-since': 'Fri, 31 Dec 2100 00:00:00 GMT' },
  { 'if-modified-since': 'nonsense' },
  { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
  { 'if-range': 'nonsense' },
  { expect: 'something' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'nonsense' },
  { 'content-type': 'nonsense' },
  { 'content-encoding': 'nonsense' },
  { 'x-http-method-override': 'DELETE' },
  { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': 'nonsense' },
  { forwarded: 'host=evil.example;proto=https' },
  { 'x-original-url': '/api/logout', 'x-rewrite-url': '/api/logout' },
  { 'x-request-id': 'a b{"level"' },
  { authorization: 'Bearer nonsense' },
  { upgrade: 'websocket', connection: 'upgrade' },
  { upgrade: 'h2c', connection: 'upgrade, http2-settings', 'http2-settings': 'x' },
];

/** Requests that look bad and do no harm: the fault is in what this product does not read. */
export const oddRequests: OddRequest[] = [
  ...['/api/user', '/healthz', '/console.json'].flatMap((path) =>
    oddHeaders.map((headers) => odd(path, JSON.stringify(headers).slice(0, 60), path, { headers })),
  ),
  odd('/api/user', 'other case', '/API/user'),
  odd('/api/user', 'trailing slash', '/api/user/'),
  odd('/healthz', 'other case and trailing slash', '/HealthZ/'),
  odd('/api/user', 'a fragment', '/api/user#/api/logout'),
  odd('/api/user', 'an empty query', '/api/user?'),
  odd('/api/user', 'a query of nothing', '/api/user?&&=&==?'),
  odd('/api/user', 'a query with bad escapes', '/api/user?a=%E0%A4%A&%=%'),
  odd('/api/user', 'a query of every object', '/api/user?__proto__[a]=b&constructor=c&a[b][c]=d'),
  odd('/api/user', 'a query of 2,000 parameters', `/api/user?${'a=b&'.repeat(2000)}`),
  odd('/api/user', 'a query with NUL', '/api/user?a=%00'),
  odd('/api/user', 'a body', '/api/user', { headers: { 'content-type': 'application/json' }, body: '{' }),
  odd('/api/accounts', 'a body in chunks', '/api/accounts', { body: 'x'.repeat(200_000), chunked: true }),
  odd('/api/subscriptions', 'a query', '/api/subscriptions?tenantId=x&tenantId=y'),
  odd('/icon.svg', 'a range', '/icon.svg', { headers: { range: 'bytes=999999-' } }),
  odd('/', 'a range', '/', { headers: { range: 'bytes=0-3' } }),
];

const me = (extra: Record<string, unknown> | string): RequestParts =>
  post(typeof extra === 'string' ? extra : JSON.stringify({ query: '{ me { loggedIn name } }', ...extra }));

/** Odd GraphQL requests that are answered like `{ me { loggedIn name } }`. */
export const oddGraphqlRequests: [title: string, parts: RequestParts][] = [
  ['null for all that is optional', me({ variables: null, operationName: null, extensions: null })],
  ['variables that are not declared', me({ variables: { a: 1, __typename: [] } })],
  [
    'a variable of 10,000 brackets',
    me(
      `{"query": "{ me { loggedIn name } }", "variables": {"a": ${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
    ),
  ],
  [
    'keys of every object',
    me(
      '{"query": "{ me { loggedIn name } }", "__proto__": {"admin": true}, "constructor": {"prototype": {"admin": true}}}',
    ),
  ],
  [
    'variables of every object',
    me('{"query": "{ me { loggedIn name } }", "variables": {"__proto__": {"admin": true}}}'),
  ],
  ['keys that are not known', me({ id: 1, queries: [], toString: 'x', hasOwnProperty: 1 })],
  ['extensions that are not known', me({ extensions: { nothing: { version: 1 }, __proto__: null } })],
  [
    'the key query twice',
    me('{"query": "mutation { logout { message } }", "query": "{ me { loggedIn name } }"}'),
  ],
  ['a byte order mark', me(`\ufeff${JSON.stringify({ query: '\ufeff{ me { loggedIn name } }' })}`)],
  [
    'UTF-8 in capitals',
    post(JSON.stringify({ query: '{ me { loggedIn name } }' }), {
      'content-type': 'Application/JSON; Charset="UTF-8"',
    }),
  ],
  [
    'JSON accepted at last',
    post(JSON.stringify({ query: '{ me { loggedIn name } }' }), { accept: 'text/html, */*;q=0.1' }),
  ],
];

/** Cookies that name no session: they sign nobody in, and harm nothing. `sid` is the id of a session that exists. */
export const badCookies = (sid: string): [title: string, cookie: string][] => [
  ['empty', ''],
  ['no value', 'mcm_session='],
  ['no name', '=x'],
  ['nothing but separators', ';;;=;,;=='],
  ['nonsense', 'mcm_session=nonsense'],
  ['an unsigned id', `mcm_session=${sid}`],
  ['an id with an empty signature', `mcm_session=s%3A${sid}.`],
  ['an id without a signature', `mcm_session=s%3A${sid}`],
  ['an id with another signature', `mcm_session=s%3A${sid}.${'A'.repeat(43)}`],
  ['an id with a long signature', `mcm_session=s%3A${sid}.${'A'.repeat(6000)}`],
  ['an id as JSON', `mcm_session=j%3A${encodeURIComponent(JSON.stringify({ id: sid }))}`],
  ['bad escapes', 'mcm_session=%E0%A4%A'],
  ['bad escapes in a signed form', 'mcm_session=s%3A%E0%A4%A.%zz'],
  ['NUL', 'mcm_session=s%3A%00.%00'],
  ['every object', '__proto__=x; constructor=y; mcm_session=s%3A__proto__.x'],
  ['a huge one', `mcm_session=${'a'.repeat(8000)}`],
  ['many', Array.from({ length: 500 }, (_, at) => `c${at}=${at}`).join('; ')],
  ['many of one name', Array.from({ length: 200 }, () => 'mcm_session=x').join('; ')],
  ['a quoted one', `mcm_session="s:${sid}.x"`],
  ['another prefix', `__Host-mcm_session=s%3A${sid}.x`],
  ['no ASCII', 'mcm_session=\u00fc\u00ff'],
];
