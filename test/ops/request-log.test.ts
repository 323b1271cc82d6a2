import { expect, it } from 'vitest';
import { connectRole } from '../support/connect-role.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const post = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
});

const requests = ({ log }: TestGateway) => log.entries().filter(({ msg }) => msg === 'request');

it('a request is one line, which says what was asked for and what came of it', async () => {
  await using gateway = await startGateway();
  const answer = await gateway.browser().fetch('/api/user?secret=canary', {
    headers: { 'x-request-id': 'given-by-the-proxy', cookie: 'canary=canary', 'user-agent': 'canary' },
  });
  expect(answer.headers.get('x-request-id')).toBe('given-by-the-proxy');
  expect(requests(gateway)).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/Z$/),
      msg: 'request',
      requestId: 'given-by-the-proxy',
      method: 'GET',
      path: '/api/user',
      status: 200,
      milliseconds: expect.any(Number),
    },
  ]);
  expect(gateway.log.text()).not.toContain('canary');
});

it('the code of an error is in its line, on both faces', async () => {
  await using gateway = await startGateway();
  const browser = gateway.browser();
  await browser.fetch('/api/nothing');
  await connectRole(browser, 'nonsense', 'REST');
  await connectRole(browser, 'nonsense', 'GraphQL');
  await browser.graphql('{ nope }');
  await browser.fetch('/graphql', post('{"query'));
  await browser.fetch('/graphql', { method: 'DELETE' });
  await browser.fetch('/api/user');
  expect(requests(gateway).map(({ method, path, status, code }) => [method, path, status, code])).toEqual([
    ['GET', '/api/nothing', 404, 'NOT_FOUND'],
    ['POST', '/api/account/aws/add', 401, 'UNAUTHENTICATED'],
    ['POST', '/graphql', 200, 'UNAUTHENTICATED'],
    ['POST', '/graphql', 200, 'GRAPHQL_VALIDATION_FAILED'],
    ['POST', '/graphql', 400, 'BAD_REQUEST'],
    ['DELETE', '/graphql', 405, 'METHOD_NOT_ALLOWED'],
    ['GET', '/api/user', 200, undefined],
  ]);
});

it('a failure is logged under the plain path, wherever it was', async () => {
  await using gateway = await startGateway();
  const browser = gateway.browser();
  await browser.fetch('/graphql?canary=1', { method: 'DELETE' });
  await browser.fetch('/api/nothing?canary=1');
  await browser.fetch('/api/logout/?canary=1', { method: 'DELETE' });
  const failures = gateway.log.entries().filter(({ msg }) => msg === 'Request refused');
  expect(failures.map(({ path }) => path)).toEqual(['/graphql', '/api/nothing', '/api/logout/']);
});

it('an operation is told by its name only where it is a known one', async () => {
  await using gateway = await startGateway();
  const browser = gateway.browser();
  await browser.graphql('{ me { name } }');
  await browser.graphql('query canary { me { name } }');
  await browser.fetch('/graphql', post('{"query":"{ me { nope } }","operationName":"canary"}'));
  await browser.fetch('/api/user');
  expect(requests(gateway).map(({ operation }) => operation)).toEqual([
    'anonymous',
    'other',
    'other',
    undefined,
  ]);
  expect(gateway.log.text()).not.toContain('canary');
});

it('HEAD is logged as HEAD, also where it is answered as GET', async () => {
  await using gateway = await startGateway();
  await gateway.browser().fetch('/graphql?query={__typename}', { method: 'HEAD' });
  await gateway.browser().fetch('/api/user', { method: 'HEAD' });
  expect(requests(gateway).map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
});

it('a request whose client went away says so, under the path that was asked for', async () => {
  await using gateway = await startGateway();
  const browser = await gateway.browserWith({
    accounts: [{ provider: 'azure', tenantId: '12345678-1234-1234-1234-123456789012', subscriptions: [] }],
  });
  gateway.sandbox.faults.set('arm.subscriptions', { delayMs: 2000 });
  const leaving = browser.fetch('/api/subscriptions', { signal: AbortSignal.timeout(300) });
  await expect(leaving).rejects.toThrow();
  await expect
    .poll(() => requests(gateway))
    .toMatchObject([{ method: 'GET', path: '/api/subscriptions', aborted: true }]);
});
