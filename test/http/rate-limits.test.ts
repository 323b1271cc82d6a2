import { expect, it } from 'vitest';
import { clientOf } from '../../src/http/client-address.ts';
import { createMemoryCounter } from '../../src/http/rate-counter.ts';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { askOften } from '../support/ask-often.ts';
import type { Browser } from '../support/browser.ts';
import { connectRole, faces, standardRole } from '../support/connect-role.ts';
import { sessionId } from '../support/session-cookie.ts';
import { startGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const env = { RATE_LIMIT: 'on' };
const john = { user: { name: 'John' } };
const frontEnd = 'http://localhost:3000';
const seconds = expect.stringMatching(/^(60|[1-5]?\d)$/);

const headersOf = ({ headers }: Response) => ({
  policy: headers.get('ratelimit-policy'),
  left: headers.get('ratelimit'),
  retryAfter: headers.get('retry-after'),
});

/** As a proxy in front would pass it on. */
const from = (browser: Browser, address: string) =>
  browser.fetch('/api/user', { headers: { 'x-forwarded-for': address } });

const remaining = (answer: Response) => /"client";r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1];

it('says on every answer how much is left to the client, and to a session', async () => {
  await using gateway = await startGateway({ env });
  const anonymous = await gateway.browser().fetch('/api/user');
  expect(headersOf(anonymous)).toEqual({
    policy: '"client";q=3000;w=60',
    left: expect.stringMatching(/^"client";r=2999;t=(60|59)$/),
    retryAfter: null,
  });
  const signedIn = await (await gateway.browserWith(john)).fetch('/api/user');
  expect(headersOf(signedIn)).toEqual({
    policy: '"client";q=3000;w=60, "session";q=1200;w=60',
    left: expect.stringMatching(/^"client";r=2998;t=\d+, "session";r=1199;t=(60|59)$/),
    retryAfter: null,
  });
  const page = await gateway.browser().fetch('/icon.svg');
  expect(headersOf(page).left).toMatch(/^"client";r=2997;/);
});

it('counts neither probes nor preflights', async () => {
  await using gateway = await startGateway({ env });
  const browser = gateway.browser();
  const preflight = {
    method: 'OPTIONS',
    headers: { origin: frontEnd, 'access-control-request-method': 'POST' },
  };
  for (const answer of [
    await browser.fetch('/healthz'),
    await browser.fetch('/readyz'),
    await browser.fetch('/graphql', preflight),
  ]) {
    expect(answer.ok).toBe(true);
    expect(headersOf(answer)).toEqual({ policy: null, left: null, retryAfter: null });
  }
  expect(remaining(await browser.fetch('/api/user'))).toBe('2999');
});

it('limits nothing where it is off', async () => {
  await using gateway = await startGateway({ env: { RATE_LIMIT: 'off' } });
  const browser = await gateway.browserWith(john);
  expect(headersOf(await browser.fetch('/api/user'))).toEqual({ policy: null, left: null, retryAfter: null });
  expect(await askOften(browser, '/api/login/azure', 61)).toEqual({ 302: 61 });
});

it('refuses a client beyond 3000 requests in the form of each face, readable for the front end, and reads no session', async () => {
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
  await using gateway = await startGateway({ env, store });
  const browser = await gateway.browserWith(john);
  expect(await askOften(browser, '/console.json', 3000)).toEqual({ 200: 3000 });
  const lines = gateway.log.entries().length;

  const headers = { origin: frontEnd };
  const rest = await browser.fetch('/api/user', { headers });
  expect(rest.status).toBe(429);
  expect(headersOf(rest)).toEqual({
    policy: '"client";q=3000;w=60',
    left: expect.stringMatching(/^"client";r=0;t=\d+$/),
    retryAfter: seconds,
  });
  expect(headersOf(rest).left).toBe(`"client";r=0;t=${headersOf(rest).retryAfter}`);
  const message = `Too many requests from your address; try again in ${headersOf(rest).retryAfter} s`;
  const requestId = rest.headers.get('x-request-id');
  expect(await rest.json()).toEqual({ error: message, code: 'RATE_LIMITED', requestId });
  expect(rest.headers.get('access-control-allow-origin')).toBe(frontEnd);
  expect(rest.headers.get('access-control-allow-credentials')).toBe('true');
  const exposed = rest.headers.get('access-control-expose-headers')?.split(',');
  expect(exposed).toEqual(expect.arrayContaining(['Retry-After', 'RateLimit', 'RateLimit-Policy']));

  const graphql = await browser.fetch('/graphql', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"query":"{ me { loggedIn } }"}',
  });
  expect(graphql.status).toBe(429);
  expect(graphql.headers.get('retry-after')).toEqual(seconds);
  expect(graphql.headers.get('access-control-allow-origin')).toBe(frontEnd);
  expect(await graphql.json()).toEqual({
    errors: [
      {
        message: expect.stringMatching(/^Too many requests from your address; try again in \d+ s$/),
        extensions: { code: 'RATE_LIMITED', requestId: graphql.headers.get('x-request-id') },
      },
    ],
  });
  expect(reads).toBe(0);
  expect((await browser.fetch('/healthz')).status).toBe(200);
  expect((await browser.fetch('/readyz')).status).toBe(200);

  await expect
    .poll(() =>
      gateway.log
        .entries()
        .slice(lines)
        .filter((line) => line.requestId === requestId),
    )
    .toMatchObject([
      { level: 'debug', msg: 'Request refused' },
      { level: 'info', msg: 'request', status: 429 },
    ]);
});

it('refuses a session beyond 1200 requests, and no other session of the same client', async () => {
  await using gateway = await startGateway({ env });
  const [browser, other] = [await gateway.browserWith(john), await gateway.browserWith(john)];
  expect(await askOften(browser, '/api/user', 1200)).toEqual({ 200: 1200 });
  const answer = await browser.fetch('/api/user');
  expect(answer.status).toBe(429);
  expect(headersOf(answer).left).toMatch(/^"client";r=1799;t=\d+, "session";r=0;t=\d+$/);
  expect(await answer.json()).toMatchObject({
    code: 'RATE_LIMITED',
    error: expect.stringMatching(/^Too many requests of your session; try again in \d+ s$/),
  });
  expect(await browser.graphql('{ me { loggedIn } }')).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED' } }],
  });
  expect(await other.json('/api/user')).toEqual({ logged_in: true, name: 'John' });
  expect(gateway.log.text()).not.toContain(sessionId(await browser.cookie('mcm_session')));
});

it('refuses to start a client’s 61st sign-in, and lets the others come back', async () => {
  await using gateway = await startGateway({ env });
  const browser = gateway.browser();
  const callback = await browser.authorize('john');
  expect(await askOften(browser, '/api/login/azure?returnTo=https://evil.example', 70)).toEqual({ 400: 70 });
  expect(await askOften(browser, '/api/login/google', 59)).toEqual({ 302: 59 });
  const answer = await browser.fetch('/api/login/azure');
  expect(answer.status).toBe(429);
  expect(headersOf(answer)).toEqual({
    policy: '"client";q=3000;w=60, "sign-in";q=60;w=60',
    left: expect.stringMatching(/^"client";r=\d+;t=\d+, "sign-in";r=0;t=\d+$/),
    retryAfter: seconds,
  });
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(await answer.json()).toMatchObject({ code: 'RATE_LIMITED' });
  expect((await browser.fetch(callback)).status).toBe(302);
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
});

it('asks AWS for 20 roles of a session, over both faces together, and for those of another', async () => {
  await using gateway = await startGateway({ env });
  const [browser, other] = [gateway.browser(), gateway.browser()];
  await Promise.all([browser.signIn('john'), other.signIn('many')]);
  for (let pair = 0; pair < 10; pair++)
    for (const face of faces)
      expect(await connectRole(browser, standardRole, face)).toMatchObject({ code: undefined });
  const asked = gateway.sandbox.awsRequests.length;

  const rest = await browser.fetch('/api/account/aws/add', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ roleArn: standardRole }),
  });
  expect(rest.status).toBe(429);
  expect(headersOf(rest)).toEqual({
    policy: '"client";q=3000;w=60, "session";q=1200;w=60, "aws-connect";q=20;w=60',
    left: expect.stringMatching(/, "aws-connect";r=0;t=\d+$/),
    retryAfter: seconds,
  });
  expect(await rest.json()).toMatchObject({ code: 'RATE_LIMITED' });

  const connect = `connectAwsAccount(roleArn: "${standardRole}") { account { id } }`;
  const { errors } = await browser.graphql(`mutation { a: ${connect} b: ${connect} }`);
  expect(errors?.[0]).toMatchObject({
    path: ['a'],
    message: expect.stringMatching(/^Too many AWS roles were to be connected; try again in \d+ s$/),
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) },
  });
  expect(gateway.sandbox.awsRequests.length).toBe(asked);
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  expect(await connectRole(other, standardRole, 'GraphQL')).toMatchObject({ code: undefined });
});

it('counts the roles that nobody signed in for by client', async () => {
  await using gateway = await startGateway({ env: { ...env, AWS_EXTERNAL_ID: 'one-for-everybody' } });
  for (let count = 0; count < 20; count++)
    expect(await connectRole(gateway.browser(), standardRole, 'REST')).toMatchObject({ status: 201 });
  expect(await connectRole(gateway.browser(), standardRole, 'REST')).toMatchObject({ status: 429 });
});

it('believes no X-Forwarded-For of a client that is no listed proxy', async () => {
  await using gateway = await startGateway({ env });
  const browser = gateway.browser();
  expect(remaining(await from(browser, '192.0.2.1'))).toBe('2999');
  expect(remaining(await from(browser, '192.0.2.2'))).toBe('2998');
});

it('tells clients behind a listed proxy apart, and none by what it forges in front', async () => {
  await using gateway = await startGateway({ env: { ...env, TRUST_PROXY: 'loopback' } });
  const browser = gateway.browser();
  expect(remaining(await from(browser, '192.0.2.1'))).toBe('2999');
  expect(remaining(await from(browser, '192.0.2.2'))).toBe('2999');
  expect(remaining(await from(browser, '203.0.113.7, 192.0.2.1'))).toBe('2998');
  expect(remaining(await from(browser, '2001:db8:0:1::1'))).toBe('2999');
  expect(remaining(await from(browser, '2001:db8:0:2:3:4:5:6'))).toBe('2998');
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:49152', '192.0.2.1'],
  ['2001:DB8:1:2FFF::1', '2001:db8:1:2f00::/56'],
  ['2001:db8:1:2f00:ffff::', '2001:db8:1:2f00::/56'],
  ['[2001:db8:1:2fff::1]:443', '2001:db8:1:2f00::/56'],
  ['2001:db8:1:3000::1', '2001:db8:1:3000::/56'],
  ['fe80::1%eth0', 'fe80:0:0:0::/56'],
  ['::1', '0:0:0:0::/56'],
  ['a proxy wrote this', 'unknown'],
  [undefined, 'unknown'],
])('takes %s for the client %s', (address, client) => {
  expect(clientOf(address)).toBe(client);
});

it('counts anew when the window is over', async () => {
  const count = createMemoryCounter(1);
  const first = await count('a');
  expect(first).toEqual({ count: 1, endsInMillis: 1000 });
  expect((await count('a')).count).toBe(2);
  await expect.poll(async () => (await count('a')).count, { interval: 300, timeout: 5_000 }).toBe(1);
});

it('remembers so many keys and no more, the newest', async () => {
  const count = createMemoryCounter(60, 100);
  for (let key = 0; key <= 100; key++) await count(`${key}`);
  expect((await count('100')).count).toBe(2);
  expect((await count('1')).count).toBe(2);
  expect((await count('0')).count).toBe(1);
});
