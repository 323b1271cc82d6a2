import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, GraphqlAnswer } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { hostileOperations } from './hostile-operations.ts';
import { asking, limits, places, times, ways } from './large-operations.ts';

const upstream = [
  'azure.token.client_credentials',
  'arm.subscriptions',
  'aws.sts.AssumeRole',
  'aws.sts.GetCallerIdentity',
] as const;

/** The largest body, in bytes. */
const mostBytes = 102_400;

/** The errors that are told of, and one that says that there are more. */
const mostErrors = 10;

let gateway: TestGateway;
let john: Browser;
beforeAll(async () => {
  gateway = await startGateway({ env: { INTROSPECTION: 'on' } });
  john = gateway.browser();
  await john.signIn('john');
});
beforeEach(() => gateway.sandbox.calls.reset());
afterAll(() => gateway[Symbol.asyncDispose]());

/** How often the clouds were called since the test began. */
const upstreamCalls = (): number =>
  upstream.reduce((sum, endpoint) => sum + gateway.sandbox.calls.count(endpoint), 0);

const send = (body: string): Promise<Response> =>
  john.fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });

const ask = async (body: object): Promise<GraphqlAnswer> =>
  (await (await send(JSON.stringify(body))).json()) as GraphqlAnswer;

/** One of the two queries is as good as the other, but for how deep it is of itself. */
const placesFor = (limit: string) =>
  places.filter(({ name }) => limit === 'depth' || name !== 'subscriptionDetails');

const codesOf = ({ errors = [] }: GraphqlAnswer) => [
  ...new Set(errors.map(({ extensions }) => extensions.code)),
];

describe.each(ways)('the limit on $limit, through $way', ({ limit, write }) => {
  it.each(placesFor(limit))('lets $name pass with as many as that, and not one more', async (place) => {
    const most = await ask({ query: write(place, limits[limit]) });
    expect(most.errors).toBeUndefined();
    expect(most.data).toBeTruthy();
    expect(upstreamCalls()).toBeGreaterThan(0);

    gateway.sandbox.calls.reset();
    const tooMany = await ask({ query: write(place, limits[limit] + 1) });
    expect(tooMany).toEqual({
      errors: [
        expect.objectContaining({
          message: expect.stringMatching(new RegExp(`\\bmore tha[nt] (the )?${limits[limit]} `)),
          extensions: {
            code: limit === 'tokens' ? 'GRAPHQL_PARSE_FAILED' : 'GRAPHQL_VALIDATION_FAILED',
            requestId: expect.any(String),
          },
        }),
      ],
    });
    expect(upstreamCalls()).toBe(0);
  });
});

describe('the limit on the body', () => {
  it.each(places)('lets $name pass in 100 kB, and in not one byte more', async (place) => {
    const body = JSON.stringify({ query: asking(place, 'id') });
    const most = await send(body.padEnd(mostBytes));
    expect(most.status).toBe(200);
    expect(await most.json()).toEqual({ data: expect.any(Object) });
    expect(upstreamCalls()).toBeGreaterThan(0);

    gateway.sandbox.calls.reset();
    const tooLarge = await send(body.padEnd(mostBytes + 1));
    expect(tooLarge.status).toBe(413);
    expect(codesOf((await tooLarge.json()) as GraphqlAnswer)).toEqual(['PAYLOAD_TOO_LARGE']);
    expect(upstreamCalls()).toBe(0);
  });
});

describe('the limit on errors', () => {
  it('tells of ten faults of an operation, and of more only that there are', async () => {
    const faults = (count: number) =>
      ask({ query: `{ azureSubscriptions { id } ${times(count, (at) => `x${at}`)} }` });
    const ten = await faults(mostErrors);
    expect(ten.errors).toHaveLength(mostErrors);
    for (const { message } of ten.errors ?? []) expect(message).toMatch(/^Cannot query field/);
    for (const count of [mostErrors + 1, 40]) {
      const { errors = [] } = await faults(count);
      expect(errors).toHaveLength(mostErrors + 1);
      expect(errors.at(-1)?.message).toContain('Too many validation errors');
    }
    expect(upstreamCalls()).toBe(0);
  });

  it('tells of ten variables that do not fit, however many do not', async () => {
    const faults = (count: number) =>
      ask({
        query: `query (${times(count, (at) => `$a${at}: Boolean!`)}) {
          azureSubscriptions { ${times(count, (at) => `id @include(if: $a${at})`)} }
        }`,
      });
    for (const count of [mostErrors, mostErrors + 1, 40]) {
      const { data, errors = [] } = await faults(count);
      expect(data).toBeUndefined();
      expect(errors.length).toBe(Math.min(count, mostErrors + 1));
      for (const { message } of errors.slice(0, mostErrors))
        expect(message).toMatch(/^Variable "\$a\d" of required type/);
      expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
    }
    expect(upstreamCalls()).toBe(0);
    expect(gateway.log.entries().filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('tells of ten operations that are too large, however many are', async () => {
    const large = `fragment F on Query { ${times(limits.rootFields + 1, () => '__typename')} }`;
    const query = `${times(150, (at) => `query A${at} { ...F }`)} ${large}`;
    const answer = await ask({ query, operationName: 'A1' });
    expect(answer.errors).toHaveLength(mostErrors);
    expect(codesOf(answer)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});

describe('a variable that is null where its argument may not be', () => {
  it.each([
    ['query ($a: Boolean = true) { me { name @include(if: $a) } }', { a: null }],
    ['query ($a: Boolean = true) { azureSubscriptions @include(if: $a) { id } }', { a: null }],
    ['mutation ($a: ID = "x") { disconnectAccount(id: $a) { id } }', { a: null }],
  ])('is the fault of the request, and no failure of the gateway: %s', async (query, variables) => {
    const answer = await ask({ query, variables });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors?.[0]?.message).toContain('must not be null');
    expect(gateway.log.entries().filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('the operations of one document', () => {
  const aliases = (name: string, count: number) =>
    `query ${name} { azureSubscriptions { ...Shared ${times(count - 1, (at) => `${name}${at}: id`)} } }`;
  const shared = 'fragment Shared on AzureSubscription { shared: id }';
  const [two, oneTooLarge] = [limits.aliases, limits.aliases + 1].map((count) => ({
    query: `${aliases('A', limits.aliases)} ${aliases('B', count)} ${shared}`,
  }));

  it.each(['A', 'B'])('are measured each on its own (%s)', async (operationName) => {
    const { data, errors } = await ask({ ...two, operationName });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ azureSubscriptions: [expect.any(Object), expect.any(Object)] });
    expect(upstreamCalls()).toBe(1);
  });

  it.each(['A', 'B'])('are all refused for one that is too large (%s)', async (operationName) => {
    const answer = await ask({ ...oneTooLarge, operationName });
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toHaveLength(1);
    expect(codesOf(answer)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(upstreamCalls()).toBe(0);
  });
});

describe('an operation that is made to be expensive', () => {
  it.each(hostileOperations)('is refused: %s (%s)', async (_title, code, query, variables) => {
    const answer = await ask({ query, variables });
    expect(codesOf(answer)).toEqual([code]);
    expect(answer.errors?.length).toBeLessThanOrEqual(mostErrors + 1);
    expect(answer.data).toBeUndefined();
    expect(upstreamCalls()).toBe(0);
  });

  it('keeps nobody waiting who asks for something else meanwhile', async () => {
    const answers = hostileOperations.map(([, , query, variables]) => ask({ query, variables }));
    expect(await ask({ query: '{ me { name } }' })).toEqual({ data: { me: { name: 'John Doe' } } });
    expect((await Promise.all(answers)).map(codesOf)).toEqual(hostileOperations.map(([, code]) => [code]));
    expect(upstreamCalls()).toBe(0);
  });
});

it('what tools ask of a schema is not too large', async () => {
  const query = getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  });
  const { data, errors } = await ask({ query });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    __schema: { queryType: { name: 'Query' }, mutationType: { name: 'Mutation' } },
  });
});

it('operations that come together in one body are all refused', async () => {
  const operations = places.map((place) => ({ query: asking(place, 'id') }));
  const answer = await send(JSON.stringify(operations));
  expect(answer.status).toBe(400);
  expect(codesOf((await answer.json()) as GraphqlAnswer)).toEqual(['BAD_REQUEST']);
  expect(upstreamCalls()).toBe(0);
  for (const operation of operations) expect((await ask(operation)).errors).toBeUndefined();
  expect(upstreamCalls()).toBeGreaterThan(0);
});
