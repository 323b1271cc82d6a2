import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { askOften } from '../support/ask-often.ts';
import type { Browser } from '../support/browser.ts';
import { type ApiDocument, createAnswerCheck, readAnswer } from '../support/check-answer.ts';
import { addRole, standardRole } from '../support/connect-role.ts';
import { type RequestParts, type SentAnswer, sendRequest } from '../support/send-request.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { addPath, rows } from './openapi-requests.ts';

let gateway: TestGateway;
let document: ApiDocument;
let check: ReturnType<typeof createAnswerCheck>;
beforeAll(async () => {
  gateway = await startGateway();
  document = await gateway.browser().json<ApiDocument>('/api/openapi.json');
  check = createAnswerCheck(document);
});
afterEach(() => gateway.sandbox.faults.clear());
afterAll(() => gateway[Symbol.asyncDispose]());

const headersOf = ({ headers }: SentAnswer): Headers =>
  new Headers(
    Object.entries(headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((each) => [name, each] as [string, string]),
    ),
  );

async function send(browser: Browser, path: string, parts: RequestParts = {}) {
  const cookie = await browser.jar.getCookieString(browser.baseUrl);
  const headers = { ...(cookie === '' ? {} : { cookie }), ...parts.headers };
  const answer = await sendRequest(browser.baseUrl, path, { ...parts, headers });
  return { status: answer.status, headers: headersOf(answer), text: answer.text };
}

/** Asks by `fetch`, checks the answer and gives it back as JSON. */
async function asked(browser: Browser, path: string, status: number): Promise<unknown> {
  const answer = await readAnswer(await browser.fetch(path));
  expect([path, answer.status, check({ path, answer })]).toEqual([path, status, []]);
  return answer.text === '' ? undefined : JSON.parse(answer.text);
}

/** A change of the real document that an answer of the gateway then must not meet. */
const planted: [title: string, path: string, change: (text: string) => string, fault: string][] = [
  [
    'another key',
    '/api/user',
    (text) => text.replaceAll('"logged_in"', '"loggedIn"'),
    'it must NOT have additional properties',
  ],
  [
    'another code',
    '/api/nothing',
    (text) => text.replaceAll('"NOT_FOUND"', '"GONE"'),
    '/code must be equal to',
  ],
  [
    'another status',
    '/healthz',
    (text) => text.replaceAll('"200":', '"299":'),
    'the status 200 is not declared',
  ],
  [
    'another date',
    '/api/user',
    (text) => text.replaceAll('"@1', '"@2'),
    'Deprecation: it must be equal to constant',
  ],
  ['a header less', '/api/user', (text) => text.replaceAll('"Link":', '"Lnk":'), 'Link is not declared'],
  ['a header more', '/api/user', (text) => text.replaceAll('"Link":', '"Lnk":'), 'Lnk is missing'],
  [
    'a path less',
    '/healthz',
    (text) => text.replace('"/healthz"', '"/health"'),
    'a path that is not declared',
  ],
];

it.each(planted)('a document with %s would be found out by %s', async (_title, path, change, fault) => {
  const answer = await readAnswer(await gateway.browser().fetch(path));
  expect(check({ path, answer })).toEqual([]);
  const other = createAnswerCheck(JSON.parse(change(JSON.stringify(document))));
  expect(other({ path, answer }).join('; ')).toContain(fault);
});

const somebody = { iss: 'https://issuer.example', sub: 'ada', name: 'Ada' };

describe.each(['signed in', 'signed out'] as const)(
  'to somebody %s, answers are as they are described',
  (who) => {
    it.each(rows)('%s: %s, %i', async (_title, path, status, parts = {}, signedOut = status) => {
      const browser = who === 'signed in' ? await gateway.browserWith({ user: somebody }) : gateway.browser();
      const answer = await send(browser, path, parts);
      expect(answer.status).toBe(who === 'signed in' ? status : signedOut);
      expect(check({ method: parts.method, path, answer })).toEqual([]);
    });
  },
);

describe('to people of the sandbox, answers are as they are described', () => {
  it('of John, who connects Google and AWS, and signs out', async () => {
    const browser = gateway.browser();
    for (const [path, callback] of [
      ['/api/login/azure', '/getAToken'],
      ['/api/login/google', '/google/callback'],
    ] as const) {
      const back = await browser.authorize('john', path);
      const answer = await readAnswer(await browser.fetch(back));
      expect([answer.status, check({ path: callback, answer })]).toEqual([302, []]);
      const again = await readAnswer(await browser.fetch(back));
      expect([again.status, check({ path: callback, answer: again })]).toEqual([400, []]);
    }
    const added = await readAnswer(await addRole(browser, { roleArn: standardRole }));
    expect([added.status, check({ method: 'POST', path: addPath, answer: added })]).toEqual([201, []]);
    expect(await asked(browser, '/api/accounts', 200)).toMatchObject([
      { provider: 'azure' },
      { provider: 'gcp', access_token: expect.any(String) },
      { provider: 'aws' },
    ]);
    expect(await asked(browser, '/api/subscriptions', 200)).toMatchObject({ value: [{}, {}] });
    expect(await asked(browser, '/api/user', 200)).toMatchObject({ logged_in: true });
    await asked(browser, '/api/account/aws/config', 200);
    gateway.sandbox.faults.set('aws.sts.AssumeRole', { status: 500 });
    const failed = await readAnswer(await addRole(browser, { roleArn: standardRole }));
    expect([failed.status, check({ method: 'POST', path: addPath, answer: failed })]).toEqual([502, []]);
    await asked(browser, '/api/logout', 200);
    await asked(browser, '/api/logout', 200);
    expect(await asked(browser, '/api/user', 200)).toEqual({ logged_in: false });
  });

  it.each([
    ['nameless', 200],
    ['many', 200],
    ['denied', 500],
    ['throttled', 500],
  ])('of %s, whose subscriptions are %i', async (persona, status) => {
    const browser = gateway.browser();
    await browser.signIn(persona);
    await asked(browser, '/api/user', 200);
    await asked(browser, '/api/accounts', 200);
    await asked(browser, '/api/subscriptions', status);
  });

  it('of somebody who gave no consent, has no e-mail address, or cancels', async () => {
    const browser = gateway.browser();
    await browser.signIn('noconsent', '/api/login/google');
    for (const persona of ['noemail', 'cancel']) {
      const back = await browser.authorize(persona, '/api/login/google');
      const answer = await readAnswer(await browser.fetch(back));
      expect([answer.status, check({ path: '/google/callback', answer })]).toEqual([401, []]);
    }
    await asked(browser, '/api/accounts', 200);
  });
});

it('answers are as they are described where tokens are hidden, limits count, and one external id is for all', async () => {
  await using other = await startGateway({
    env: { TOKEN_EXPOSURE: 'none', RATE_LIMIT: 'on', AWS_EXTERNAL_ID: 'one-for-everybody' },
  });
  const browser = other.browser();
  const added = await readAnswer(await addRole(browser, { roleArn: standardRole }));
  expect([added.status, check({ method: 'POST', path: addPath, answer: added })]).toEqual([201, []]);
  await browser.signIn('john', '/api/login/google');
  expect(await asked(browser, '/api/accounts', 200)).toMatchObject([{}, { access_token: null }]);
  await asked(other.browser(), '/api/account/aws/config', 200);
  expect(await askOften(browser, '/api/login/azure', 60)).toMatchObject({ 302: expect.any(Number) });
  await asked(browser, '/api/login/azure', 429);
});

it('answers are as they are described while the store does not answer', async () => {
  using folder = createTemporaryFolder();
  const lmdb = await openLmdbSessionStore(folder.path);
  let isDown = false;
  const unlessDown = <T>(answer: () => Promise<T>): Promise<T> =>
    isDown ? Promise.reject(new Error('no answer')) : answer();
  const store = {
    ...lmdb,
    get: (key: string) => unlessDown(async () => lmdb.get(key)),
    ping: () => unlessDown(() => lmdb.ping()),
  };
  await using other = await startGateway({ store });
  const browser = await other.browserWith({ user: somebody });
  isDown = true;
  for (const path of [
    '/api/user',
    '/api/accounts',
    '/api/subscriptions',
    '/api/logout',
    '/api/login/azure',
    '/readyz',
  ])
    await asked(browser, path, 503);
  const refused = await readAnswer(await addRole(browser, { roleArn: standardRole }));
  expect([refused.status, check({ method: 'POST', path: addPath, answer: refused })]).toEqual([503, []]);
});
