import {
  addPath,
  type BadRequest,
  badRequest,
  foreign,
  post,
  type Refusal,
  type Row,
  refusedWith,
  roleArn,
} from './bad-request.ts';
import { badRoles, faultsOfBodies } from './bodies.ts';

const notFound: Refusal = { status: 404, code: 'NOT_FOUND' };
const notAllowed: Refusal = { status: 405, code: 'METHOD_NOT_ALLOWED' };

const reading = [
  '/',
  '/icon.svg',
  '/console.json',
  '/healthz',
  '/readyz',
  '/api/user',
  '/api/accounts',
  '/api/subscriptions',
  '/api/logout',
  '/api/login/azure',
  '/api/login/google',
  '/getAToken',
  '/google/callback',
  '/api/account/aws/config',
];
const form = { 'content-type': 'application/x-www-form-urlencoded' };

const wrongMethods = refusedWith(notAllowed, [
  ...reading.flatMap((path) =>
    ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'].map((method): Row => [method, path, { method }]),
  ),
  ...['GET', 'PUT', 'PATCH', 'DELETE', 'TRACE'].map((method): Row => [method, addPath, { method }]),
  ...['PUT', 'PATCH', 'DELETE', 'TRACE'].map((method): Row => [method, '/graphql', { method }]),
  ...['PROPFIND', 'QUERY', 'PURGE', 'M-SEARCH'].map((method): Row => [method, '/api/user', { method }]),
  ['POST with a body that is no JSON', '/api/user', post('{')],
  ['POST as form_post', '/getAToken', { method: 'POST', headers: form, body: 'state=a&code=b' }],
  ['POST, other case', '/API/User', { method: 'POST' }],
  ['DELETE, trailing slash', '/api/user/', { method: 'DELETE' }],
]);

const paths = [
  ...refusedWith(notFound, [
    ['unknown', '/nothing/here'],
    ['unknown', '/api'],
    ['unknown', '/api/nothing'],
    ['unknown, POST', '/api/nothing', post('{}')],
    ['unknown, TRACE', '/api/nothing', { method: 'TRACE' }],
    ['below a path', '/api/user/1'],
    ['below a path', '/healthz/x'],
    ['below GraphQL', '/graphql/schema'],
    ['a cloud that is not there', '/api/login/other'],
    ['a cloud of every object', '/api/login/__proto__'],
    ['a cloud of every object', '/api/login/constructor'],
    ['a cloud named NUL', '/api/login/%00'],
    ['no cloud', '/api/login/'],
    ['a file of the source', '/pages.ts'],
    ['a file of the source', '/main.tsx'],
    ['no script', '/assets'],
    ['no script', '/assets/'],
    ['no script', '/assets/nothing.js'],
    ['a file beside the scripts', '/assets/../.vite/manifest.json'],
    ['a file beside the scripts', '/assets/..%2f.vite%2fmanifest.json'],
    ['a file beside the scripts', '/assets/%2e%2e/%2e%2e/%2e%2e/package.json'],
    ['a file beside the scripts', '/.vite/manifest.json'],
    ['a file beside the console', '/%2e%2e/config.ts'],
    ['a file beside the console', '/..%2fconfig.ts'],
    ['a file beside the console', '/../config.ts'],
    ['a file beside the console', '/icon.svg/../../config.ts'],
    ['a hidden file', '/.env'],
    ['NUL', '/api/user%00'],
    ['NUL', '/graphql%00'],
    ['NUL', '/icon.svg%00.html'],
    ['double slash', '//api/user'],
    ['double slash', '/api//user'],
    ['another host', '//evil.example/api/user'],
    ['dot segment', '/api/./user'],
    ['dot segments', '/api/x/../user'],
    ['backslash', '/api\\user'],
    ['an escaped slash', '/api%2fuser'],
    ['an escaped letter', '/api/%75ser'],
    ['a path parameter', '/api/user;x=1'],
    ['a line break', '/api/user%0d%0aSet-Cookie:%20a=b'],
    ['a script', '/<script>alert(1)</script>'],
    ['a long one', `/api/${'a'.repeat(8000)}`],
    ['many segments', '/a'.repeat(4000)],
  ]),
  ...refusedWith(badRequest, [
    ['bad escape', '/%'],
    ['bad escape', '/%zz'],
    ['bad escape', '/api/%E0%A4%A'],
    ['bad escape', '/api/user%'],
    ['bad escape', '/graphql/%E0%A4%A'],
    ['bad escape', '/api/login/%C0%AF'],
    ['bad escape, overlong UTF-8', '/%C0%AE%C0%AE/config.ts'],
    ['bad escape, half a surrogate', '/%ED%A0%80'],
    ['bad escape, POST', '/%E0%A4%A', post('{}')],
    ['an asterisk', '*'],
    ['no ASCII', '/api/\u00fcser'],
  ]),
  ...refusedWith({ status: 431, code: 'BAD_REQUEST' }, [
    ['longer than headers may be', `/api/${'a'.repeat(20_000)}`],
  ]),
];

const strangers = [
  'https://evil.example',
  'null',
  '',
  'nonsense',
  'http://localhost:3000.evil.example',
  'http://localhost:3000@evil.example',
  'http://localhost:3000/',
  'http://localhost:3000, https://evil.example',
  'http://localhost:3001',
  'https://localhost:3000',
  'file://',
];
const origins = refusedWith(foreign, [
  ...strangers.map((origin): Row => [`the origin "${origin}"`, '/api/logout', { headers: { origin } }]),
  ...strangers.map((origin): Row => [`the origin "${origin}"`, addPath, post(roleArn, { origin })]),
  ['a foreign page', '/api/logout', { headers: { referer: 'https://evil.example/page' } }],
  ['a page that hides', '/api/logout', { headers: { referer: 'nonsense' } }],
  ['a foreign image', '/api/logout', { headers: { 'sec-fetch-site': 'cross-site' } }],
  ['a foreign page', '/API/Logout/', { headers: { origin: 'https://evil.example' } }],
  ...['/api/login/azure', '/api/login/google', '/getAToken', '/google/callback'].map(
    (path): Row => [
      'a foreign frame',
      path,
      { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' } },
    ],
  ),
]);

const preconditions = refusedWith(badRequest, [
  ['a precondition that fails', '/icon.svg', { headers: { 'if-match': '"x"' } }],
  ['a precondition that fails', '/icon.svg', { headers: { 'if-match': '"x", W/"y"' } }],
]);

const signIns = [
  ...refusedWith(badRequest, [
    ...['https://evil.example', '//evil.example', '', 'x', '/\u0000'].map(
      (to): Row => [`returnTo "${to}"`, `/api/login/azure?returnTo=${encodeURIComponent(to)}`],
    ),
    ['two returnTo', '/api/login/azure?returnTo=/a&returnTo=/b'],
    ['two returnTo', '/api/login/google?returnTo=/a&returnTo=/a'],
    ['returnTo with bad escapes', '/api/login/google?returnTo=/%E0%A4%A'],
  ]),
  ...refusedWith(
    { status: 400, code: 'OAUTH_STATE_INVALID' },
    ['/getAToken', '/google/callback'].flatMap((path) =>
      [
        '',
        '?',
        '?state=',
        '?code=c',
        '?state=a',
        '?state=a&code=b',
        '?state=a&state=b&code=c',
        '?state[]=a&code=b',
        '?state[__proto__]=a',
        '?__proto__=a&state=__proto__',
        '?state=%00',
        '?state=%E0%A4%A',
        '?state=%F0%9F%98%80',
        `?state=${'a'.repeat(5000)}`,
        '?error=access_denied&state=a',
        '?error=<script>&error_description=<script>',
        `?${'a=b&'.repeat(2000)}`,
      ].map((query): Row => ['a callback of nothing', path + query]),
    ),
  ),
];

/** Bad requests to everything but GraphQL. */
export const badRestRequests: BadRequest[] = [
  ...wrongMethods,
  ...paths,
  ...badRoles,
  ...faultsOfBodies(addPath, roleArn),
  ...origins,
  ...preconditions,
  ...signIns,
];
