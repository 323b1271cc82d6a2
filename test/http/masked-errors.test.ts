import { GraphQLError } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import type { Browser } from '../support/browser.ts';
import { type Face, faces, standardRole } from '../support/connect-role.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

/** Text of a cause: it belongs into the log, and never into an answer. */
const canary = 'canary-cause';

/** How the next calls of the store fail: it rejects as it is to, or throws there and then, which nobody foresees. */
type Failure = { of: 'get' | 'compareAndSet'; by: 'throwing' | 'rejecting'; what: unknown };

let folder: TemporaryFolder;
let gateway: TestGateway;
let john: Browser;
let failure: Failure | undefined;

function unlessFailing<T>(of: Failure['of'], work: () => Promise<T>): Promise<T> {
  if (failure?.of !== of) return work();
  if (failure.by === 'rejecting') return Promise.reject(failure.what);
  throw failure.what;
}

beforeAll(async () => {
  folder = createTemporaryFolder();
  const lmdb = await openLmdbSessionStore(folder.path);
  const store: SessionStore = {
    ...lmdb,
    get: (...args) => unlessFailing('get', async () => lmdb.get(...args)),
    compareAndSet: (...args) => unlessFailing('compareAndSet', () => lmdb.compareAndSet(...args)),
  };
  gateway = await startGateway({ store });
  john = gateway.browser();
  await john.signIn('john');
});
afterEach(() => {
  failure = undefined;
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

type Answer = {
  status: number;
  headers: Headers;
  text: string;
  message: unknown;
  /** What is told beside the message. */
  details: Record<string, unknown>;
};

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const told = JSON.parse(text);
  const [first, ...more] = told.errors ?? [];
  expect(more).toEqual([]);
  const { error, ...restDetails } = told;
  return {
    status: response.status,
    headers: response.headers,
    text,
    message: first?.message ?? error,
    details: first?.extensions ?? restDetails,
  };
}

const post = async (browser: Browser, path: string, body: object): Promise<Answer> =>
  answerOf(
    await browser.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );

const connect = `mutation { connectAwsAccount(roleArn: "${standardRole}") { account { id } } }`;

/** Changes the session, so that a store that takes no changes fails in the middle of it. */
const change = (face: Face): Promise<Answer> =>
  face === 'REST'
    ? post(john, '/api/account/aws/add', { roleArn: standardRole })
    : post(john, '/graphql', { query: connect });

/** Asks who is signed in. */
const read = async (face: Face, browser = john): Promise<Answer> =>
  face === 'REST'
    ? answerOf(await browser.fetch('/api/user'))
    : post(browser, '/graphql', { query: '{ me { name } }' });

/** The log's entries on the failure that an answer tells of. */
const causesOf = ({ details }: Answer): { level: unknown; err: Record<string, unknown> }[] =>
  gateway.log
    .entries()
    .filter(({ requestId, err }) => requestId === details.requestId && err !== undefined)
    .map(({ level, err }) => ({ level, err: err as Record<string, unknown> }));

/** Frames of a stack, and paths of files. */
const tellTale = /\n\s*at |\\n\s*at |node_modules|file:\/\/|\.[jt]s:\d+|\/src\//i;

function expectNoCause({ text, headers, details }: Answer): void {
  expect(text).not.toContain(canary);
  expect(text).not.toMatch(tellTale);
  expect(details.requestId).toMatch(/^[\w-]{36}$/);
  expect(headers.get('x-request-id')).toBe(details.requestId);
}

function expectMasked(answer: Answer): void {
  expectNoCause(answer);
  expect(answer.message).toBe('Internal server error');
  expect(answer.details).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) });
}

const unforeseen: [title: string, what: unknown][] = [
  ['an error', new Error(canary)],
  ['an error of the language', new TypeError(canary)],
  ['an error with a code of the gateway', Object.assign(new Error(canary), { code: 'AZURE_FORBIDDEN' })],
  ['an error with a code in its extensions', withExtensions({ code: 'SOMETHING' })],
  ['an error with a code of the gateway in its extensions', withExtensions({ code: 'ACCOUNT_NOT_FOUND' })],
  ['an error with a code of bad requests in its extensions', withExtensions({ code: 'BAD_REQUEST' })],
  ['an error with a status of bad requests', Object.assign(new Error(canary), { status: 404 })],
  ['an error with details in its extensions', withExtensions({ tenantId: canary, limit: canary })],
  ['an error of GraphQL', new GraphQLError(canary)],
  ['an error of GraphQL with a code', new GraphQLError(canary, { extensions: { code: 'FOO' } })],
  [
    'an error that calls itself one of the gateway',
    Object.assign(new Error(canary), { name: 'GatewayError', code: 'CONFLICT', status: 503, details: {} }),
  ],
  ['an error with a cause', new Error(canary, { cause: new GatewayError('NOT_FOUND', canary) })],
  ['several errors', new AggregateError([new GatewayError('NOT_FOUND', canary)], canary)],
];

const noErrors: [title: string, what: unknown][] = [
  ['a text', canary],
  ['an object', { message: canary, code: 'CONFLICT', extensions: { code: 'CONFLICT' } }],
  ['nothing', undefined],
];

function withExtensions(extensions: Record<string, unknown>): Error {
  return Object.assign(new Error(canary), { extensions });
}

describe.each(faces)('over %s', (face) => {
  it.each(unforeseen)('%s in the middle of a change is masked, and in the log', async (_title, what) => {
    failure = { of: 'compareAndSet', by: 'throwing', what };
    const answer = await change(face);
    expectMasked(answer);
    expect(answer.status).toBe(face === 'REST' ? 500 : 200);
    expect(causesOf(answer)).toMatchObject([{ level: 'error', err: { message: canary } }]);
  });

  it.each(noErrors)('%s that is thrown for an error is masked too', async (_title, what) => {
    failure = { of: 'compareAndSet', by: 'throwing', what };
    const answer = await change(face);
    expectMasked(answer);
    expect(causesOf(answer)).toMatchObject([{ level: 'error' }]);
  });

  it('a failure before anything is asked is masked, and in the log', async () => {
    failure = { of: 'get', by: 'throwing', what: new Error(canary) };
    const answer = await read(face);
    expectMasked(answer);
    expect(answer.status).toBe(500);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(causesOf(answer)).toMatchObject([
      { level: 'error', err: { message: canary, stack: expect.stringContaining(' at ') } },
    ]);
  });

  it('whatever a store rejects with is an outage, the cause of which is in the log alone', async () => {
    for (const [, what] of [...unforeseen, ...noErrors]) {
      failure = { of: 'get', by: 'rejecting', what };
      const answer = await read(face);
      expectNoCause(answer);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(answer.message).toBe('The session store does not answer; try again shortly');
      expect(answer.details).toMatchObject({ code: 'SESSION_STORE_UNAVAILABLE' });
      const cause = what instanceof Error ? { cause: { message: canary } } : {};
      expect(causesOf(answer)).toMatchObject([{ level: 'warn', err: cause }]);
    }
    failure = undefined;
    expect((await read(face)).text).toContain('John Doe');
  });

  it('an outage in the middle of a change says nothing of its cause either', async () => {
    failure = { of: 'compareAndSet', by: 'rejecting', what: new Error(canary) };
    const answer = await change(face);
    expectNoCause(answer);
    expect(answer.status).toBe(face === 'REST' ? 503 : 200);
    expect(answer.details).toMatchObject({ code: 'SESSION_STORE_UNAVAILABLE' });
    expect(causesOf(answer)).toMatchObject([{ level: 'warn', err: { cause: { message: canary } } }]);
  });

  it('a failure of the gateway’s own tells its message and details, and not its cause', async () => {
    const details = { tenantId: 'a-tenant', retryAfterSeconds: 7 };
    const what = new GatewayError('RATE_LIMITED', 'Do it later', { cause: new Error(canary), details });
    failure = { of: 'compareAndSet', by: 'throwing', what };
    const answer = await change(face);
    expectNoCause(answer);
    expect(answer.message).toBe('Do it later');
    const told = { code: 'RATE_LIMITED', requestId: expect.any(String) };
    expect(answer.details).toEqual(face === 'REST' ? told : { ...told, ...details });
    if (face === 'REST') expect(answer.status).toBe(429);
    if (face === 'REST') expect(answer.headers.get('retry-after')).toBe('7');
    expect(causesOf(answer)).toMatchObject([
      { level: 'warn', err: { message: 'Do it later', cause: { message: canary } } },
    ]);
  });

  it('a session that holds what it cannot is masked where that is asked for, and goes on elsewhere', async () => {
    const odd = { provider: canary } as never;
    const ada = await gateway.browserWith({ user: { name: 'Ada' }, accounts: [odd] });
    const answer =
      face === 'REST'
        ? await answerOf(await ada.fetch('/api/accounts'))
        : await post(ada, '/graphql', { query: '{ accounts { __typename } }' });
    expectMasked(answer);
    expect(causesOf(answer)).toMatchObject([
      { level: 'error', err: { message: 'An account is in no known cloud' } },
    ]);
    expect((await read(face, ada)).text).toContain('Ada');
  });
});
