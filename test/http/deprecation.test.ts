import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSchema } from '../../src/graphql/schema.ts';
import { rateLimits } from '../../src/http/rate-limits.ts';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { addRole } from '../support/connect-role.ts';
import { rawRequest, readAnswers } from '../support/raw-request.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

/** The paths of the original application that GraphQL replaces, and with what. */
const replaced = [
  ['/api/user', 'Query.me'],
  ['/api/accounts', 'Query.accounts'],
  ['/api/subscriptions', 'Query.azureSubscriptions'],
  ['/api/logout', 'Mutation.logout'],
  ['/api/account/aws/add', 'Mutation.connectAwsAccount'],
] as const;
const kept = [
  '/api/account/aws/config',
  '/api/login/azure',
  '/api/login/google',
  '/getAToken',
  '/google/callback',
];

const since = `@${Date.UTC(2026, 10, 27) / 1000}`;
const described = '</api/openapi.json>; rel="service-desc"; type="application/json"';
const linksTo = (field: string) =>
  [
    `</graphql>; rel="successor-version"; title="${field}"`,
    '</api/openapi.json>; rel="deprecation"; type="application/json"',
    described,
  ].join(', ');

const told = ({ headers }: Response) => ({
  deprecation: headers.get('deprecation'),
  link: headers.get('link'),
  sunset: headers.get('sunset'),
});
const deprecated = (field: string) => ({ deprecation: since, link: linksTo(field), sunset: null });

describe('the paths that GraphQL replaces', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each(replaced)('%s says that %s does, whatever it answers', async (path, field) => {
    const browser = gateway.browser();
    const foreign = { headers: { origin: 'https://evil.example' } };
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])
      for (const init of [{ method }, { method, ...foreign }])
        expect(told(await browser.fetch(path, init)), method).toEqual(deprecated(field));
    for (const spelling of [`${path}/`, path.toUpperCase(), `${path}?a=b`])
      expect(told(await browser.fetch(spelling)), spelling).toEqual(deprecated(field));
    const longType = { headers: { 'content-type': `application/json;${'x'.repeat(300)}` } };
    const refused = await browser.fetch(path, longType);
    expect([refused.status, told(refused)]).toEqual([415, deprecated(field)]);
    const port = Number(new URL(gateway.url).port);
    const [hostless] = readAnswers(await rawRequest(port, `GET ${path} HTTP/1.1\r\n\r\n`));
    expect(hostless).toMatchObject({ status: 400, headers: { deprecation: since, link: linksTo(field) } });
  });

  it('name fields that the schema has', () => {
    const schema = buildSchema(readSchema());
    for (const [, field] of replaced) {
      const [type = '', name = ''] = field.split('.');
      const found = schema.getType(type);
      expect(found && 'getFields' in found && Object.keys(found.getFields())).toContain(name);
    }
  });

  it.each(kept)('are not those like %s, which only says where it is described', async (path) => {
    const answer = await gateway.browser().fetch(path);
    expect(told(answer)).toEqual({ deprecation: null, link: described, sunset: null });
  });

  it.each([
    '/',
    '/healthz',
    '/readyz',
    '/graphql',
    '/api/openapi.json',
    '/api',
    '/api/user/1',
    '/api/login/x',
  ])('are not %s', async (path) => {
    expect(told(await gateway.browser().fetch(path))).toEqual({
      deprecation: null,
      link: null,
      sunset: null,
    });
  });

  it('can be told by the scripts of allowed origins, and by no other', async () => {
    for (const [origin, allowed] of [
      ['http://localhost:3000', true],
      ['https://evil.example', false],
    ] as const) {
      const { headers } = await gateway.browser().fetch('/api/user', { headers: { origin } });
      const exposed = headers.get('access-control-expose-headers')?.split(',') ?? [];
      expect(exposed.includes('Deprecation') && exposed.includes('Link')).toBe(allowed);
    }
  });
});

it('a client over a limit is told too', async () => {
  await using gateway = await startGateway({ env: { RATE_LIMIT: 'on' } });
  const browser = await gateway.browserWith({ user: { iss: 'https://issuer.example', sub: 'ada' } });
  const connect = () => addRole(browser, { roleArn: 'no ARN' });
  for (let count = 0; count < rateLimits['aws-connect'].most; count++)
    expect((await connect()).status).toBe(400);
  const answer = await connect();
  expect([answer.status, told(answer)]).toEqual([429, deprecated('Mutation.connectAwsAccount')]);
});

it('who asks while the store does not answer is told too', async () => {
  using folder = createTemporaryFolder();
  const lmdb = await openLmdbSessionStore(folder.path);
  let isDown = false;
  const store = {
    ...lmdb,
    get: (key: string) => (isDown ? Promise.reject(new Error('no answer')) : lmdb.get(key)),
  };
  await using gateway = await startGateway({ store });
  const browser = await gateway.browserWith({ user: { name: 'John' } });
  isDown = true;
  for (const [path, field] of replaced) {
    const init = path.endsWith('/add') ? { method: 'POST' } : {};
    const answer = await browser.fetch(path, init);
    expect([answer.status, told(answer)]).toEqual([503, deprecated(field)]);
  }
});
