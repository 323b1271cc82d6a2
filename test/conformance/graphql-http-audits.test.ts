import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

/** GETs carry the header that CSRF prevention asks for, as Apollo's own clients send it. */
function fetchFn(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if ((init.method ?? 'GET') === 'GET') headers.set('apollo-require-preflight', '1');
  return fetch(url, { ...init, headers });
}

describe('GraphQL over HTTP, as graphql-http audits it', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const audits = serverAudits({ url: () => `${gateway.url}/graphql`, fetchFn });

  it('has 61 audits', () => {
    expect(new Set(audits.map(({ id }) => id)).size).toBe(61);
  });

  it.each(audits)('$id $name', async ({ id, name, fn }) => {
    expect(await fn()).toEqual({ id, name, status: 'ok' });
  });
});
