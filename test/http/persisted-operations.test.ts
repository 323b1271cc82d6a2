import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import consoleOperations from '../../src/console/generated/persisted-documents.json' with { type: 'json' };
import type { Browser, GraphqlAnswer } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const ada = { name: 'Ada', email: 'ada@example.com' };
const whoAmI = 'query WhoAmI($email: Boolean!) { me { name email @include(if: $email) } }';
const hash = createHash('sha256').update(whoAmI).digest('hex');
const signOut = 'mutation SignOut { logout { message } }';
const both =
  'mutation Both($a: ID!, $b: ID!) { a: disconnectAccount(id: $a) { id } b: disconnectAccount(id: $b) { id } }';
const variables = { email: true };
const answered = { data: { me: ada } };

/** A text whose string grows with each level that it is printed at. */
const deepBlock = (depth: number) =>
  `${'{a'.repeat(depth)}(x:"""b${'\n'.repeat(45_000)}a""")${'}'.repeat(depth)}`;

const notInManifest = { code: 'BAD_REQUEST' };

const folder = createTemporaryFolder();
const apollo = join(folder.path, 'apollo.json');
const preset = join(folder.path, 'preset.json');
writeFileSync(
  apollo,
  JSON.stringify({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: hash, name: 'WhoAmI', type: 'query', body: whoAmI }],
  }),
);
writeFileSync(preset, JSON.stringify({ 'sha256:abc': signOut, 'sha256:def': both }));
afterAll(() => folder[Symbol.dispose]());

const start = (mode: string) =>
  startGateway({
    env: {
      PERSISTED_OPERATIONS: mode,
      PERSISTED_OPERATIONS_MANIFEST: `${apollo},${preset}`,
      METRICS_PORT: '0',
    },
  });

async function post(browser: Browser, body: object): Promise<GraphqlAnswer & { status: number }> {
  const answer = await browser.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, ...((await answer.json()) as GraphqlAnswer) };
}

async function get(browser: Browser, parameters: Record<string, string>): Promise<GraphqlAnswer> {
  return browser.json(`/graphql?${new URLSearchParams(parameters)}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
}

const reportsOf = (gateway: TestGateway) =>
  gateway.log.entries().filter(({ msg }) => msg === 'An operation is in no manifest');

const persistedQuery = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

describe.each(['only', 'log'])('a gateway with PERSISTED_OPERATIONS=%s', (mode) => {
  let gateway: TestGateway;
  let browser: Browser;
  beforeAll(async () => {
    gateway = await start(mode);
    browser = await gateway.browserWith({ user: ada });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each([
    ['its id', { documentId: hash }],
    ['its id with the prefix of its algorithm', { documentId: `sha256:${hash}` }],
    ["the hash of Apollo's persisted queries", { extensions: persistedQuery(hash) }],
    ["the hash of Apollo's, with the text", { extensions: persistedQuery(hash), query: whoAmI }],
    ['its text', { query: whoAmI }],
    ['its text in another layout', { query: whoAmI.replaceAll(' ', '\n  ') }],
    [
      'its text as Apollo Client sends it',
      {
        query:
          'query WhoAmI($email: Boolean!) { __typename me { email @include(if: $email) name __typename } }',
      },
    ],
  ])('answers an operation of a manifest by %s', async (_title, asked) => {
    expect(await post(browser, { ...asked, variables })).toMatchObject({ status: 200, ...answered });
  });

  it('answers by GET too', async () => {
    const given = { variables: JSON.stringify(variables) };
    expect(await get(browser, { documentId: hash, ...given })).toEqual(answered);
    const extensions = JSON.stringify(persistedQuery(hash));
    expect(await get(browser, { extensions, ...given })).toEqual(answered);
    expect(await get(browser, { query: whoAmI, ...given })).toEqual(answered);
  });

  it('answers every operation of the console, which needs no manifest of its own', async () => {
    const ids = Object.keys(consoleOperations);
    expect(ids.length).toBeGreaterThan(3);
    for (const documentId of ids) {
      const given = { documentId, variables: { roleArn: 'x', id: 'x' } };
      const codes = (await post(gateway.browser(), given)).errors?.map(({ extensions }) => extensions.code);
      expect(codes ?? []).toEqual(codes ? ['UNAUTHENTICATED'] : []);
    }
  });

  it('knows the names of its operations in metrics', async () => {
    await post(browser, { documentId: hash, variables });
    const metrics = await (await fetch(gateway.metricsUrl ?? '')).text();
    expect(metrics).toContain('operation="WhoAmI"');
  });
});

describe('a gateway that answers the operations of its manifests only', () => {
  let gateway: TestGateway;
  let browser: Browser;
  beforeAll(async () => {
    gateway = await start('only');
    browser = await gateway.browserWith({ user: ada });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each([
    ['another text', { query: '{ me { name } }' }],
    ['an operation with a field more', { query: whoAmI.replace('me { name', 'me { name loggedIn') }],
    ['an operation with another argument', { query: whoAmI.replace('if: $email', 'if: true'), variables }],
    [
      'an operation beside a known one',
      { query: `${whoAmI} query Other { me { name } }`, operationName: 'Other' },
    ],
    ['an alias of __typename', { query: whoAmI.replace('name', 'name kind: __typename') }],
    [
      'a mutation whose changes are in another order',
      {
        query:
          'mutation Both($a: ID!, $b: ID!) { b: disconnectAccount(id: $b) { id } a: disconnectAccount(id: $a) { id } }',
      },
    ],
    ['a text that is made to be expensive', { query: deepBlock(330) }],
    ['no GraphQL', { query: '{' }],
    ['introspection', { query: '{ __schema { types { name } } }' }],
    ['an unknown id', { documentId: 'f'.repeat(64) }],
    ['an unknown id, with a text that is in no manifest', { documentId: 'f', query: '{ me { name } }' }],
    ['an unknown hash', { extensions: persistedQuery('f'.repeat(64)) }],
    [
      'a hash with the text of another operation',
      { extensions: persistedQuery('f'), query: '{ me { name } }' },
    ],
    ['the name of something every object has', { documentId: 'constructor' }],
  ])('refuses %s', async (_title, asked) => {
    const answer = await post(browser, asked);
    expect(answer.status).toBe(400);
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.map(({ extensions }) => extensions)).toMatchObject([notInManifest]);
    expect(answer.errors?.[0]?.message).toContain('PERSISTED_OPERATIONS_MANIFEST');
    expect(await post(browser, { documentId: hash, variables })).toMatchObject(answered);
  });

  it.each([
    ['another text', { query: '{ me { name } }' }],
    ['an unknown id', { documentId: 'f' }],
    ['an unknown hash', { extensions: JSON.stringify(persistedQuery('f')) }],
  ])('refuses %s by GET', async (_title, asked) => {
    expect((await get(browser, asked)).errors?.[0]?.extensions).toMatchObject(notInManifest);
  });

  it('executes what it has checked, whatever a URL says twice', async () => {
    const twice = `/graphql?documentId=${hash}&query={me{loggedIn}}&query={me{loggedIn}}&variables={"email":true}`;
    const answer = await browser.json(twice, { headers: { 'apollo-require-preflight': '1' } });
    expect(answer).toEqual(answered);
  });

  it('logs what it refuses, each once', async () => {
    const before = reportsOf(gateway).length;
    for (let times = 0; times < 2; times++) await post(browser, { query: 'query Refused { me { name } }' });
    expect(reportsOf(gateway).slice(before)).toMatchObject([{ operation: 'Refused', refused: true }]);
  });

  it('tells a client that accepts GraphQL answers in that form', async () => {
    const answer = await browser.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query: '{ me { name } }' }),
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
  });
});

describe('a gateway that logs what is in no manifest', () => {
  it('answers it, and names it once', async () => {
    await using gateway = await start('log');
    const browser = await gateway.browserWith({ user: ada });
    const reports = () => reportsOf(gateway);
    expect(await browser.graphql(whoAmI, variables)).toEqual(answered);
    expect(reports()).toEqual([]);
    for (const layout of [' ', '\n', ' # CANARY\n'])
      expect(await browser.graphql(`query Stranger {${layout}me { name } }`)).toEqual({
        data: { me: { name: 'Ada' } },
      });
    await browser.graphql('{ me { nope(secret: "CANARY") } }');
    await browser.graphql(`query ${'N'.repeat(90_000)} { me { name } }`);
    await browser.graphql(deepBlock(330));
    expect(reports()).toMatchObject([
      { operation: 'Stranger', refused: false, requestId: expect.any(String), sha256: expect.any(String) },
      { operation: 'anonymous' },
      { operation: 'N'.repeat(100) },
      { operation: 'anonymous' },
    ]);
    expect(gateway.log.text()).not.toContain('CANARY');
  });

  it('has the client of an unknown hash send the text', async () => {
    await using gateway = await start('log');
    const answer = await post(gateway.browser(), { extensions: persistedQuery('f') });
    expect(answer.errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
    expect(reportsOf(gateway)).toMatchObject([{ id: 'f', refused: false }]);
  });

  it('says of an unknown id that it is unknown', async () => {
    await using gateway = await start('log');
    const answer = await post(gateway.browser(), { documentId: 'CANARY' });
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringContaining('id'),
      extensions: notInManifest,
    });
    expect(reportsOf(gateway)).toHaveLength(1);
    expect(gateway.log.text()).not.toContain('CANARY');
  });
});

it('a gateway without persisted operations takes texts alone', async () => {
  await using gateway = await startGateway();
  const browser = gateway.browser();
  expect((await post(browser, { documentId: hash })).errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
  expect(await browser.graphql('{ me { name } }')).toEqual({ data: { me: { name: null } } });
});

it('an operation of a manifest that does not fit the schema is said at the start', async () => {
  const file = join(folder.path, 'old.json');
  writeFileSync(file, JSON.stringify({ a1: 'query Old { gone }', a2: 'query {', a3: signOut }));
  await using gateway = await startGateway({ env: { PERSISTED_OPERATIONS_MANIFEST: file } });
  const unfit = gateway.log.entries().filter(({ msg }) => String(msg).includes('does not fit the schema'));
  expect(unfit).toMatchObject([{ id: 'a1' }, { id: 'a2' }]);
});

describe('a manifest', () => {
  const configured = (file: string) => () => readConfig({ PERSISTED_OPERATIONS_MANIFEST: file });

  it.each<[string, string | undefined, string, string?]>([
    ['that is missing', undefined, 'cannot be read'],
    ['that is no JSON', '{', 'is not JSON'],
    ['that is a list', '[]', 'is not {"<id>": "<text>"}'],
    ['that gives an id to two texts', '{"sha256:abc": "{ me { name } }"}', 'has two texts', preset],
    ['of something else', '{"a": 1}', 'is not {"<id>": "<text>"}'],
    ['without texts', '{"operations": [{"id": "a"}]}', 'is not {"<id>": "<text>"}'],
  ])('%s stops the start, named with its mend', (_title, content, problem, beside = '') => {
    const file = join(folder.path, 'bad.json');
    if (content !== undefined) writeFileSync(file, content);
    const start = configured(content === undefined ? join(folder.path, 'none.json') : `${file},${beside}`);
    expect(start).toThrow('PERSISTED_OPERATIONS_MANIFEST must name manifests of operations');
    expect(start).toThrow(problem);
  });
});
