import { describe, expect, it } from 'vitest';
import { landingUrl } from '../../src/sign-in/return-to.ts';
import { startGateway } from '../support/start-gateway.ts';

const frontend = 'https://app.example.com';

describe('returnTo', () => {
  it.each([
    [undefined, `${frontend}/dashboard`],
    ['/', `${frontend}/`],
    ['/accounts?tab=azure#top', `${frontend}/accounts?tab=azure#top`],
    ['/za%C5%BC%C3%B3%C5%82%C4%87', `${frontend}/za%C5%BC%C3%B3%C5%82%C4%87`],
    ['/a//b', `${frontend}/a//b`],
    ['/redirect?to=https://evil.example', `${frontend}/redirect?to=https://evil.example`],
  ])('%s lands on the front end', (returnTo, landing) => {
    expect(landingUrl(returnTo, frontend, '/dashboard')).toBe(landing);
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    'javascript:alert(1)',
    '@evil.example',
    '.evil.example',
    ':80/',
    '',
    'dashboard',
    '/\u0000',
    '/\u2028\ud83d\ude00',
    `/${'a'.repeat(2001)}`,
    `/${'é'.repeat(700)}`,
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/..%2fevil',
    '/%2e%2e%2fevil',
    '/..;/evil',
    '/..%5cevil',
    '/%',
    ['/a', '/b'],
    { a: '/b' },
  ])('%j is refused', (returnTo) => {
    expect(() => landingUrl(returnTo, frontend, '/')).toThrow('returnTo must be a path on the front end');
  });

  it('stays below a front end that is served under a path', () => {
    expect(landingUrl('/home', `${frontend}/app`, '/')).toBe(`${frontend}/app/home`);
    for (const outside of ['/../admin', '/%2e%2e/admin', '/./../admin', '/a/../../admin']) {
      expect(() => landingUrl(outside, `${frontend}/app`, '/'), outside).toThrow('returnTo');
    }
  });
});

it('a sign-in lands on FRONTEND_URL + returnTo; one that leaves the front end is 400 and starts nothing', async () => {
  await using gateway = await startGateway({ env: { FRONTEND_URL: 'http://localhost:3000' } });
  const browser = gateway.browser();
  const refused = await browser.fetch(`/api/login/azure?returnTo=${encodeURIComponent('//evil.example')}`);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ code: 'BAD_REQUEST' });
  expect(refused.headers.getSetCookie()).toEqual([]);

  const callback = await browser.authorize('john', '/api/login/azure?returnTo=%2Faccounts');
  expect((await browser.fetch(callback)).headers.get('location')).toBe('http://localhost:3000/accounts');
  expect((await gateway.browser().signIn('john')).headers.get('location')).toBe(
    'http://localhost:3000/dashboard',
  );
});
