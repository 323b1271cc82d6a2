import { describe, expect, it } from 'vitest';
import { type Environment, readConfig } from '../src/config.ts';
import { startWarnings } from '../src/start-warnings.ts';

const warningsOf = (environment: Environment) =>
  startWarnings(readConfig(environment), { sandbox: false, https: true });

it.each<[string, Environment]>([
  ['TRUST_PROXY is not set', {}],
  ['PERSISTED_OPERATIONS=only without', { PERSISTED_OPERATIONS: 'only' }],
])('%s: said at the start', (text, environment) => {
  expect(warningsOf(environment)).toContainEqual(expect.stringContaining(text));
});

it('a proxy that is named, or limits that are off, need no warning of proxies', () => {
  for (const environment of [{ TRUST_PROXY: '10.0.0.1' }, { RATE_LIMIT: 'off' }])
    expect(warningsOf(environment).join()).not.toContain('TRUST_PROXY is not set');
});

describe('pages that browsers keep the session cookie from', () => {
  const cookieless = (environment: Environment) =>
    warningsOf(environment).filter((warning) => warning.includes('keep the session cookie'));

  it.each<[Environment, string]>([
    [{ APP_BASE_URL: 'https://api.one.example', CORS_ORIGINS: 'https://two.example' }, 'https://two.example'],
    [{ APP_BASE_URL: 'https://one.example', CORS_ORIGINS: 'http://one.example' }, 'http://one.example'],
    [{ APP_BASE_URL: 'http://localhost:5000', CORS_ORIGINS: 'http://127.0.0.1:1' }, 'http://127.0.0.1:1'],
    [{ FRONTEND_URL: 'https://app.example.com/ui' }, 'https://app.example.com'],
  ])('are named at the start: %j', (environment, page) => {
    expect(cookieless(environment)).toEqual([expect.stringContaining(page)]);
  });

  it.each<Environment>([
    {},
    { APP_BASE_URL: 'https://gateway.example' },
    { APP_BASE_URL: 'https://api.one.example', CORS_ORIGINS: 'https://app.one.example' },
    { CORS_ORIGINS: 'http://localhost:3001,http://127.0.0.1:3001' },
    { APP_BASE_URL: 'http://localhost:5000', FRONTEND_URL: 'http://localhost:3000' },
  ])('are none: %j', (environment) => {
    expect(cookieless(environment)).toEqual([]);
  });
});

it.each<[Environment, boolean]>([
  [{ FRONTEND_URL: 'http://127.0.0.1:3000' }, true],
  [{ CORS_ORIGINS: 'http://127.0.0.1:3000' }, true],
  [{ FRONTEND_URL: 'http://localhost:3000' }, false],
  [{ APP_BASE_URL: 'http://127.0.0.1:5000', FRONTEND_URL: 'http://127.0.0.1:3000' }, false],
])('that localhost and 127.0.0.1 are two sites is said where that matters: %j', (environment, isSaid) => {
  const said = warningsOf(environment).filter((warning) => warning.includes('http://127.0.0.1:5000'));
  expect(said).toHaveLength(isSaid ? 1 : 0);
});
