import { clouds } from '../../src/clouds/clouds.ts';
import { consolePaths } from '../../src/console/pages.ts';
import { healthPaths } from '../../src/ops/health.ts';
import { readPaths, writePaths } from '../../src/rest/routes.ts';
import { anyOf, chance, oneOf, several, weighted } from './chances.ts';
import type { Making, StartedSignIn } from './inputs.ts';
import { bytes, jsonValue, oddText, word } from './junk.ts';
import { utf8 } from './request-text.ts';

/** The paths where a browser comes back from a provider. */
const callbackPaths = clouds.flatMap(({ signIn }) => signIn?.callbackPath ?? []);
const signInPaths = clouds.flatMap(({ signIn }) => signIn?.loginPath ?? []);

const paths: readonly string[] = [
  ...['/graphql', '/graphql', '/graphql', '/api/login/nothing', '/nothing', '/metrics'],
  ...readPaths,
  ...writePaths,
  ...healthPaths,
  ...callbackPaths,
  ...signInPaths,
  ...consolePaths.slice(0, 4),
];

export type Target = {
  /** Of the route that it is made of, whatever became of it. */
  path: string;
  text: string;
  /** The cookie that belongs to the sign-in that it is about. */
  started: StartedSignIn | undefined;
};

/** The target of a request: the path of a route, as it is or escaped and damaged, and a query. */
export function target(making: Making): Target {
  const { random, world } = making;
  const started = chance(random, 8) ? anyOf(random, world.started) : undefined;
  const path = started?.callbackPath ?? anyOf(random, paths);
  const shape = chance(random, 70) ? path : oddPath(path, making);
  const query = started || chance(random, 60) ? `?${queryText(making, started)}` : '';
  const prefix = chance(random, 4)
    ? random.pick([`http://localhost:${world.port}`, 'http://evil.example', 'HTTP://x:y@z'])
    : '';
  return { path, text: `${prefix}${shape}${query}`, started };
}

/** A path that is, or nearly is, the same one; without a question mark, and without blanks. */
function oddPath(path: string, { random }: Making): string {
  const at = random.integer(0, path.length - 1);
  const escaped = (character = '') => `%${character.charCodeAt(0).toString(16)}`;
  const junk = random.pick([
    '%',
    '%00',
    '%zz',
    '%c0%af',
    '%e2%82',
    '%2f',
    '%2e%2e/',
    '../',
    './',
    '//',
    '\\',
    ';a=b',
    '\u00ff',
    '\u00c3\u00a9',
    '%25',
    '#',
    '&',
    '=',
    '"',
    '<',
    '|',
    '{',
    '\x7f',
  ]);
  const odd = oneOf(random, [
    () => path.slice(0, at) + escaped(path[at]) + path.slice(at + 1),
    () => [...path].map((character) => (character === '/' ? '/' : escaped(character))).join(''),
    () => path.slice(0, at) + junk + path.slice(at),
    () => path + junk,
    () => junk + path,
    () => `/${junk}`,
    () => `${path}/`,
    () => `/${path}`,
    () => path.toUpperCase(),
    () => `${path}/${'a/'.repeat(random.integer(1, 1000))}`,
    () => `${path}${'a'.repeat(random.integer(1, 4000))}`,
    () => `/${word(random)}`,
    () => `/${encodeURIComponent(oddText(random))}`,
    () => `/${bytes(random, 1, 30).replace(/[\0-\x20?]/g, '')}`,
    () => random.pick(['*', '', '/', '//', '/..', '/.', '///x', '/.well-known/x']),
  ]);
  return odd === '' ? '/' : odd;
}

const names: readonly string[] = [
  'returnTo',
  'code',
  'state',
  'error',
  'error_description',
  'error_uri',
  'iss',
  'session_state',
  'scope',
  'hd',
  'query',
  'operationName',
  'variables',
  'extensions',
  'access_token',
  '__proto__',
  'constructor',
  'a[]',
  'a[b][c]',
  'code[]',
  'state[x]',
  'returnTo[]',
  '',
];

const returns: readonly string[] = [
  '/',
  '/dashboard',
  '//evil.example',
  '/\\evil.example',
  'http://evil.example/',
  '/%0d%0aX: y',
  '/\u0000',
  '/..//evil',
  '@evil.example',
  '/a?b=c#d',
  '.',
  '/%2f/evil',
  '\\\\evil',
  '/\t/evil',
  'https:evil',
];

function queryText(making: Making, started: StartedSignIn | undefined): string {
  const { random, world, marker } = making;
  const value = (name: string): string =>
    oneOf(random, [
      () => oddText(random),
      () => marker,
      () => word(random),
      () => JSON.stringify(jsonValue(random, marker)),
      () =>
        name === 'returnTo' ? anyOf(random, returns) : random.pick(['access_denied', 'server_error', 'x']),
      () => (name === 'query' ? '{ me { loggedIn } }' : world.usedCode),
      () => (name === 'query' ? 'mutation { logout { message } }' : ''),
    ]);
  const pairs = several(random, 0, random.pick([2, 5, 40]), () => {
    const name = chance(random, 90) ? anyOf(random, names) : word(random);
    return [name, value(name)] as const;
  });
  const ofSignIn = started
    ? ([
        ['state', started.state],
        [random.pick(['code', 'error']), random.pick([world.usedCode, marker, 'access_denied'])],
      ] as const)
    : [];
  return [...ofSignIn, ...pairs]
    .map(([name, text]) => `${name}${random.pick(['=', '=', '=', ''])}${written(text, making)}`)
    .join(random.pick(['&', '&', '&', ';', '&&']));
}

/** Escaped as it should be, or badly, or not at all but for what would end the target. */
function written(text: string, { random }: Making): string {
  const asBytes = utf8(text).replace(/[\0-\x20]/g, (character) => encodeURIComponent(character));
  return weighted(random, [
    [6, encodeURIComponent(text.toWellFormed())],
    [2, asBytes],
    [1, `${asBytes}${random.pick(['%', '%f', '%ff', '%zz', '+'])}`],
    [1, asBytes.replaceAll('%', '%25')],
  ]);
}
