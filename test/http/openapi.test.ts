import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clouds } from '../../src/clouds/clouds.ts';
import { statusByCode } from '../../src/errors.ts';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { type ApiDocument, createAnswerCheck, readAnswer } from '../support/check-answer.ts';
import { routesOfApp } from '../support/routes-of-app.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const path = '/api/openapi.json';
const pagePaths = ['/', '/console.json', '/icon.svg', '/favicon.ico', '/graphql'];

type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  responses: Record<string, { description?: string; content?: Record<string, Content> }>;
  requestBody?: { content: Record<string, Content> };
};
type Content = { schema: object; examples?: Record<string, { value: unknown }> };
type Document = ApiDocument & {
  openapi: string;
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
};

/** Every object in a value, itself too. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const each of Object.values(value)) yield* objectsIn(each);
}

describe('the description of the REST paths', () => {
  let gateway: TestGateway;
  let document: Document;
  let operations: Operation[];
  beforeAll(async () => {
    gateway = await startGateway();
    document = await gateway.browser().json<Document>(path);
    operations = Object.values(document.paths).flatMap((item) => Object.values(item));
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('is an OpenAPI 3.1 document', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    const { paths: _, ...broken } = structuredClone(document);
    const mistaken = { ...broken, paths: { '/x': { get: { responses: { 200: { content: 1 } } } } } };
    expect((await validator.validate(mistaken)).valid).toBe(false);
  });

  it('has every path and method that the app routes, and no other', async () => {
    const routed = (await routesOfApp())
      .filter(([, route]) => !pagePaths.includes(route) && !route.includes(':'))
      .map(([method, route]) => `${method} ${route}`);
    const declared = Object.entries(document.paths).flatMap(([declaredPath, item]) =>
      Object.keys(item).map((method) => `${method} ${declaredPath}`),
    );
    expect(declared.toSorted()).toEqual([...new Set(routed)].toSorted());
  });

  it('has the methods that each path takes, and no other', async () => {
    const check = createAnswerCheck(document);
    for (const [declaredPath, item] of Object.entries(document.paths)) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const answer = await readAnswer(await gateway.browser().fetch(declaredPath, { method }));
        const asked = method === 'HEAD' ? 'get' : method.toLowerCase();
        expect(answer.status === 405, `${method} ${declaredPath}`).toBe(
          method !== 'OPTIONS' && !(asked in item),
        );
        expect(check({ method, path: declaredPath, answer }), `${method} ${declaredPath}`).toEqual([]);
      }
    }
  });

  it('refers to nothing that is not in it, and has nothing that is not referred to', () => {
    const references = new Set(
      [...objectsIn(document)].flatMap(({ $ref, mapping }) => [
        ...(typeof $ref === 'string' ? [$ref] : []),
        ...(typeof mapping === 'object' && mapping !== null ? Object.values(mapping) : []),
      ]),
    );
    const there = Object.entries(document.components)
      .filter(([kind]) => kind !== 'securitySchemes')
      .flatMap(([kind, components]) => Object.keys(components).map((name) => `#/components/${kind}/${name}`));
    expect([...references].toSorted()).toEqual(there.toSorted());
  });

  it('names each operation once, tells what it does, and has a tag for it', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    for (const { operationId, summary, description, tags: given } of operations) {
      expect(
        given.filter((tag) => tags.includes(tag)),
        operationId,
      ).toHaveLength(1);
      expect(summary && description, operationId).toBeTruthy();
    }
  });

  it('tells what every key of an account is', () => {
    for (const { typeName, restKeys } of clouds) {
      const schema = document.components.schemas?.[typeName] as {
        required: string[];
        properties: Record<string, { description?: string }>;
      };
      expect(schema.required).toEqual(restKeys);
      for (const key of restKeys)
        expect(schema.properties[key]?.description, `${typeName}.${key}`).toBeTruthy();
    }
  });

  it('has every code where its status is, but for those of GraphQL alone', () => {
    const codes = operations.flatMap(({ responses }) =>
      Object.entries(responses).flatMap(([status, response]) => {
        const schemas = Object.values(response.content ?? {}).map(({ schema }) => schema);
        const found = [...objectsIn(schemas)].flatMap((each) => (Array.isArray(each.enum) ? each.enum : []));
        return found.map((code: keyof typeof statusByCode) => ({ code, status: Number(status) }));
      }),
    );
    const misplaced = codes.filter(({ code, status }) => statusByCode[code] !== status);
    expect(misplaced).toEqual([]);
    const told = new Set(codes.map(({ code }) => code));
    const untold = Object.keys(statusByCode).filter((code) => !told.has(code as keyof typeof statusByCode));
    expect(untold).toEqual(['REAUTH_REQUIRED', 'ACCOUNT_NOT_FOUND']);
  });

  it('has examples that its own schemas allow', () => {
    const check = createAnswerCheck(document);
    const headers = new Headers({ 'content-type': 'application/json' });
    const faults: string[] = [];
    let examples = 0;
    for (const [declaredPath, item] of Object.entries(document.paths))
      for (const [method, { responses, requestBody }] of Object.entries(item)) {
        const bodies = Object.entries({ ...responses, ...(requestBody && { requestBody }) });
        for (const [status, { content = {} }] of bodies)
          for (const { value } of Object.values(content['application/json']?.examples ?? {})) {
            examples += 1;
            if (status === 'requestBody') {
              expect(value).toEqual({ roleArn: expect.stringMatching(/^arn:aws:iam::\d{12}:role\/\w+$/) });
              continue;
            }
            const answer = { status: Number(status), headers, text: JSON.stringify(value) };
            faults.push(...check({ method, path: declaredPath, answer }));
          }
      }
    expect(examples).toBeGreaterThan(10);
    expect(faults.filter((fault) => !/is missing$/.test(fault))).toEqual([]);
  });

  it('names the gateway as the browser knows it', async () => {
    expect(document.servers[0]?.url).toBe(gateway.url);
    const other = gateway.url.replace('localhost', '127.0.0.1');
    expect(await (await fetch(other + path)).json()).toMatchObject({ servers: [{ url: other }] });
  });

  it('is JSON that nobody keeps, for the pages of allowed origins', async () => {
    const answer = await gateway.browser().fetch(path, { headers: { origin: 'http://localhost:3000' } });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    const head = await gateway.browser().fetch(path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const stranger = await gateway.browser().fetch(path, { headers: { origin: 'https://evil.example' } });
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
  });
});

it('names the cookie of a gateway on https, and its public URL', async () => {
  await using gateway = await startGateway({ env: { APP_BASE_URL: 'https://gateway.example' } });
  expect(await gateway.browser().json(path)).toMatchObject({
    servers: [{ url: 'https://gateway.example' }],
    components: { securitySchemes: { session: { in: 'cookie', name: '__Host-mcm_session' } } },
  });
});

it('is counted as a request of its client, and asks the store for no session', async () => {
  using folder = createTemporaryFolder();
  const lmdb = await openLmdbSessionStore(folder.path);
  let reads = 0;
  const store = {
    ...lmdb,
    get(key: string) {
      reads += 1;
      return lmdb.get(key);
    },
  };
  await using gateway = await startGateway({ env: { RATE_LIMIT: 'on' }, store });
  const browser = await gateway.browserWith({ user: { name: 'John' } });
  const answer = await browser.fetch(path);
  expect(answer.headers.get('ratelimit')).toMatch(/^"client";r=2999;t=\d+$/);
  expect(reads).toBe(0);
  await browser.fetch('/api/user');
  expect(reads).toBe(1);
});
