import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { addRole, standardRole } from '../support/connect-role.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const add = '/api/account/aws/add';
const config = '/api/account/aws/config';
const json = { 'content-type': 'application/json' };
const body = JSON.stringify({ roleArn: standardRole });

describe('the AWS paths', () => {
  let gateway: TestGateway;
  let browser: Browser;
  beforeAll(async () => {
    gateway = await startGateway();
    browser = gateway.browser();
    await browser.signIn('john');
  });
  afterEach(async () => {
    expect(gateway.sandbox.awsRequests.splice(0)).toEqual([]);
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])('%s is not how a role is added', async (method) => {
    const answer = await browser.fetch(add, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    if (method === 'HEAD') expect(await answer.text()).toBe('');
    else expect(await answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED', error: expect.any(String) });
  });

  it.each(['POST', 'PUT', 'DELETE'])('%s is not how the configuration is asked for', async (method) => {
    const answer = await browser.fetch(config, { method, headers: json, body: '{}' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('HEAD, GET, OPTIONS');
  });

  it('HEAD of the configuration is GET without the body', async () => {
    const get = await browser.fetch(config);
    const head = await browser.fetch(config, { method: 'HEAD' });
    expect(head.status).toBe(200);
    for (const name of ['content-type', 'content-length', 'cache-control'])
      expect(head.headers.get(name), name).toBe(get.headers.get(name));
    expect(await head.text()).toBe('');
    expect((await fetch(gateway.url + config, { method: 'HEAD' })).status).toBe(401);
  });

  it.each<[string, RequestInit]>([
    ['a form', { body: new URLSearchParams({ roleArn: standardRole }) }],
    ['plain text', { body, headers: { 'content-type': 'text/plain' } }],
    ['text with JSON in a parameter', { body, headers: { 'content-type': 'text/plain; application/json' } }],
    ['no type', { body: new TextEncoder().encode(body) }],
    ['another JSON type', { body, headers: { 'content-type': 'application/vnd.api+json' } }],
    ['another charset', { body, headers: { 'content-type': 'application/json; charset=iso-8859-1' } }],
    ['another encoding', { body, headers: { ...json, 'content-encoding': 'x-none' } }],
  ])('a body that is %s is refused', async (_title, init) => {
    const answer = await browser.fetch(add, { method: 'POST', ...init });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  it('a body of 200 kB is refused', async () => {
    const answer = await addRole(browser, { roleArn: standardRole, padding: 'x'.repeat(200_000) });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  });

  it('a role in the query, rather than the body, is none', async () => {
    const query = `?roleArn=${encodeURIComponent(standardRole)}`;
    const answer = await browser.fetch(add + query, { method: 'POST', headers: json, body: '{}' });
    expect(answer.status).toBe(400);
  });

  it.each([
    ['http://localhost:3000', true],
    ['http://evil.example', false],
    ['http://localhost:3001', false],
    ['null', false],
  ])('a page of %s may add a role: %s', async (origin, allowed) => {
    const preflight = await fetch(gateway.url + add, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(allowed ? origin : null);
    expect(preflight.headers.get('access-control-allow-credentials')).toBe(allowed ? 'true' : null);
    expect(preflight.headers.get('access-control-allow-methods')).toBe(allowed ? 'POST' : null);
    const headers = preflight.headers.get('access-control-allow-headers');
    expect(headers?.toLowerCase().split(',') ?? []).toEqual(
      allowed ? expect.arrayContaining(['content-type']) : [],
    );
    expect(preflight.headers.get('vary')).toContain('Origin');
    const read = await browser.fetch(config, { headers: { origin } });
    expect(read.headers.get('access-control-allow-origin')).toBe(allowed ? origin : null);
  });

  it.each([
    [add, 'POST, OPTIONS'],
    [config, 'HEAD, GET, OPTIONS'],
  ])('OPTIONS %s tells its methods', async (path, methods) => {
    const answer = await browser.fetch(path, { method: 'OPTIONS' });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('allow')).toBe(methods);
  });
});

it('no answer about AWS may be kept, whatever it says', async () => {
  await using gateway = await startGateway();
  const [browser, anonymous] = [gateway.browser(), gateway.browser()];
  await browser.signIn('john');
  const answers = [
    await browser.fetch(config),
    await anonymous.fetch(config),
    await addRole(browser, { roleArn: standardRole }),
    await addRole(browser, { roleArn: `${standardRole}2` }),
    await addRole(browser, { roleArn: 'x' }),
    await addRole(anonymous, { roleArn: standardRole }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 201, 403, 400, 401]);
  for (const { headers } of answers) {
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  }
});
