import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { testSecret } from '../support/sealing.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { askGateway, cookieWith, hotRequestsOf } from './pair.ts';
import { ada } from './people.ts';

const start = (env: Record<string, string>, overrides: Parameters<typeof startGateway>[0] = {}) =>
  startGateway({ ...overrides, env: { METRICS_PORT: '0', HOT_PATH: 'on', ...env } });

/** Asks twice; the second answer, which is hot where it may be. */
async function askTwice(gateway: TestGateway, cookie: string | undefined, body: object, path?: string) {
  await askGateway(gateway, { cookie, body });
  return askGateway(gateway, { cookie, ...(path === undefined ? { body } : { path }) });
}

const whoAmI = 'query WhoAmI { me { name } }';
const hash = createHash('sha256').update(whoAmI).digest('hex');
const answered = { data: { me: { name: 'Ada Lovelace' } } };
const unknown = 'query Unknown { me { name } }';

it('with HOT_PATH=off nothing is hot', async () => {
  await using gateway = await start({ HOT_PATH: 'off' });
  const cookie = await cookieWith(gateway, ada);
  expect((await askTwice(gateway, cookie, { query: whoAmI })).json).toEqual(answered);
  await askGateway(gateway, { cookie, path: '/api/user' });
  expect(await hotRequestsOf(gateway)).toBe(0);
});

describe('operations of manifests', () => {
  const folder = createTemporaryFolder();
  const manifest = join(folder.path, 'manifest.json');
  writeFileSync(manifest, JSON.stringify({ [`sha256:${hash}`]: whoAmI }));
  afterAll(() => folder[Symbol.dispose]());
  const startWith = (mode: string) =>
    start({ PERSISTED_OPERATIONS: mode, PERSISTED_OPERATIONS_MANIFEST: manifest });
  const reportsOf = (gateway: TestGateway) =>
    gateway.log.entries().filter(({ msg }) => msg === 'An operation is in no manifest');

  it('are answered by their id, their hash and their text, and named in the log', async () => {
    await using gateway = await startWith('only');
    const cookie = await cookieWith(gateway, ada);
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
    const requests = [
      { documentId: hash },
      { documentId: `sha256:${hash}` },
      { extensions },
      { extensions, query: whoAmI },
      { query: whoAmI },
      { documentId: hash, query: unknown },
    ];
    for (const body of requests)
      expect((await askTwice(gateway, cookie, body)).json, JSON.stringify(body)).toEqual(answered);
    expect(await hotRequestsOf(gateway)).toBe(2 * requests.length - 1);
    const otherLayout = { query: whoAmI.replaceAll(' ', '\n  ') };
    expect((await askTwice(gateway, cookie, otherLayout)).json).toEqual(answered);
    expect(await hotRequestsOf(gateway)).toBe(2 * requests.length);
    const { headers } = await askGateway(gateway, { cookie, body: { documentId: hash } });
    const isOfLast = (line: Record<string, unknown>) => line.requestId === headers.get('x-request-id');
    await expect.poll(() => gateway.log.entries().find(isOfLast)).toMatchObject({ operation: 'WhoAmI' });
  });

  it('are the only ones that are answered with `only`, however often another one is sent', async () => {
    await using gateway = await startWith('only');
    const cookie = await cookieWith(gateway, ada);
    for (const body of [
      { query: unknown },
      { documentId: 'f'.repeat(64) },
      { documentId: 'f', query: unknown },
    ]) {
      const refused = await askTwice(gateway, cookie, body);
      expect(refused.status).toBe(400);
      expect(refused.json.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST' });
    }
    expect(await hotRequestsOf(gateway)).toBe(0);
  });

  it('are not the only ones with `log`, which tells of each other one once', async () => {
    await using gateway = await startWith('log');
    const cookie = await cookieWith(gateway, ada);
    for (let time = 0; time < 3; time++) await askTwice(gateway, cookie, { query: unknown });
    expect((await askTwice(gateway, cookie, { query: unknown })).json).toEqual(answered);
    expect(await hotRequestsOf(gateway)).toBe(7);
    expect(reportsOf(gateway)).toMatchObject([{ operation: 'Unknown', refused: false }]);
  });
});

it('with TOKEN_EXPOSURE=none a hot answer has no tokens', async () => {
  await using gateway = await start({ TOKEN_EXPOSURE: 'none' });
  const cookie = await cookieWith(gateway, ada);
  const query = '{ accounts { ... on GcpAccount { accessToken refreshToken } } }';
  const { json } = await askTwice(gateway, cookie, { query });
  expect(json).toEqual({ data: { accounts: [{}, { accessToken: null, refreshToken: null }, {}] } });
  const rest = await askGateway(gateway, { cookie, path: '/api/accounts' });
  expect(rest.json).toMatchObject([{}, { provider: 'gcp', access_token: null, refresh_token: null }, {}]);
  expect(await hotRequestsOf(gateway)).toBe(2);
});

it('with INTROSPECTION=off no question about the schema is answered, and others are hot', async () => {
  await using gateway = await start({ INTROSPECTION: 'off' });
  const cookie = await cookieWith(gateway, ada);
  for (const query of [
    '{ me { name } __schema { queryType { name } } }',
    '{ __type(name: "Query") { name } }',
  ]) {
    const { json } = await askTwice(gateway, cookie, { query });
    expect(json.data).toBeUndefined();
    expect(json.errors?.[0]?.message).toBe('Introspection is off on this gateway');
  }
  expect(await hotRequestsOf(gateway)).toBe(0);
  const { json } = await askTwice(gateway, cookie, { query: '{ __typename me { __typename } }' });
  expect(json).toEqual({ data: { __typename: 'Query', me: { __typename: 'CurrentUser' } } });
  expect(await hotRequestsOf(gateway)).toBe(1);
});

it('a cookie is good for as long as the secret that has signed it is listed', async () => {
  using folder = createTemporaryFolder();
  const lmdb = await openLmdbSessionStore(folder.path);
  const store = { ...lmdb, close: async () => {} };
  const other = 'another secret of the tests with 32 characters or more';
  const startOver = (secrets: string) => start({ SESSION_SECRET: secrets }, { store });
  {
    await using before = await startOver(testSecret);
    await using during = await startOver(`${other},${testSecret}`);
    await using after = await startOver(other);
    const cookie = await cookieWith(before, ada);
    for (const gateway of [before, during]) {
      expect((await askTwice(gateway, cookie, { query: whoAmI })).json).toEqual(answered);
      expect(await hotRequestsOf(gateway)).toBe(1);
    }
    expect((await askTwice(after, cookie, { query: whoAmI })).json).toEqual({ data: { me: { name: null } } });
    expect((await askTwice(after, cookie, { query: whoAmI }, '/api/user')).json).toEqual({
      logged_in: false,
    });
  }
  await lmdb.close();
});
