import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLmdbSessionStore } from '../../../src/session/lmdb-session-store.ts';
import { createPendingSignIns, type PendingSignIns } from '../../../src/sign-in/pending.ts';
import type { Browser } from '../../support/browser.ts';
import { testSealing } from '../../support/sealing.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';
import { openRedirects } from './payloads.ts';

const classes = Object.entries(openRedirects);
const queries = classes.flatMap(([, inClass]) => inClass);

it('tries more than 300 ways out, each once', () => {
  expect(queries.length).toBeGreaterThan(300);
  expect(queries.filter((query, at) => queries.indexOf(query) !== at)).toEqual([]);
});

describe.each([
  ['a front end under a path', 'https://app.example.com/base/ui'],
  ['a front end with a slash at the end of its path', 'https://app.example.com/base/ui/'],
  ['a front end without a path', 'http://localhost:3000'],
  ['the built-in console', undefined],
])('returnTo never leaves %s', (_title, frontendUrl) => {
  const folder = createTemporaryFolder();
  let gateway: TestGateway;
  let pending: PendingSignIns;
  let home: URL;
  beforeAll(async () => {
    const store = await openLmdbSessionStore(join(folder.path, 'sessions'));
    pending = createPendingSignIns({ store, sealing: testSealing });
    gateway = await startGateway({
      store,
      env: frontendUrl === undefined ? {} : { FRONTEND_URL: frontendUrl },
    });
    home = new URL(frontendUrl ?? gateway.url);
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  /** Where the sign-in that a query starts would end; undefined where it is refused, in form. */
  async function landingOf(query: string, browser: Browser = gateway.browser()): Promise<string | undefined> {
    const answer = await browser.fetch(`/api/login/azure?${query}`);
    if (answer.status === 302) {
      const provider = new URL(answer.headers.get('location') ?? '');
      expect(provider.searchParams.get('redirect_uri')).toBe(`${gateway.url}/getAToken`);
      expect(provider.searchParams.get('response_mode')).toBe('query');
      const state = provider.searchParams.get('state');
      const flow = await pending.take(state, 'azure', await browser.cookie('mcm_sign_in'));
      return flow.landing;
    }
    expect({ status: answer.status, told: await answer.json() }).toMatchObject({
      status: 400,
      told: { code: 'BAD_REQUEST', error: expect.not.stringContaining('evil') },
    });
    expect(answer.headers.getSetCookie()).toEqual([]);
    return undefined;
  }

  /** Whether a browser that gets this Location stays at home: also one that reads it less strictly. */
  function isAtHome(location: string): boolean {
    const decoded = decodedOnce(location);
    return [location, decoded, location.replaceAll('\\', '/'), decoded.replaceAll('\\', '/')].every(
      (read) => {
        const url = URL.parse(read, gateway.url);
        return url?.origin === home.origin && `${url.pathname}/`.startsWith(withSlash(home.pathname));
      },
    );
  }

  it.each(classes)('by %s', async (_class, inClass) => {
    const strays: { query: string; landing: string }[] = [];
    for (const query of inClass) {
      const landing = await landingOf(query);
      if (landing !== undefined && !isAtHome(landing)) strays.push({ query, landing });
    }
    expect(strays).toEqual([]);
  });

  it('and whole sign-ins end there too', async () => {
    const accepted: string[] = [];
    for (const query of queries) if ((await landingOf(query)) !== undefined) accepted.push(query);
    expect(accepted.length).toBeGreaterThan(30);
    expect(queries.length - accepted.length).toBeGreaterThan(200);

    const tried = accepted.filter((_query, at) => at % Math.floor(accepted.length / 20) === 0);
    expect(tried.length).toBeGreaterThanOrEqual(20);
    for (const query of tried) {
      const browser = gateway.browser();
      const answer = await browser.signIn('john', `/api/login/azure?${query}`);
      expect({ query, status: answer.status }).toEqual({ query, status: 302 });
      expect(answer.headers.get('location')).toBe(await landingOf(query));
      expect(answer.headers.get('location')).toSatisfy(isAtHome);
      expect(await answer.text()).toBe('');
      expect(await browser.json('/api/user')).toMatchObject({ logged_in: true });
    }
  });
});

describe('a callback repeats nothing of what it is sent', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const script = '<script>alert(1)</script>';
  const parameters: [title: string, parameters: string][] = [
    ['no code', ''],
    ['an unknown code', 'code=evil'],
    ['a script for a code', `code=${script}`],
    ['a script for a code, encoded', `code=${encodeURIComponent(script)}`],
    ['two codes', 'code=evil&code=evil2'],
    ['a code with a line break', 'code=a%0d%0aSet-Cookie:%20evil=1'],
    ['a code with bad escapes', 'code=%E0%A4%A'],
    ['a code of 8 kB', `code=${'evil'.repeat(2000)}`],
    ['a code as an array', 'code[]=evil'],
    ['a cancelled sign-in', 'error=access_denied&error_description=evil'],
    ['a script for an error', `error=${script}&error_description=${script}`],
    ['a link for an error', 'error=https://evil.example&error_uri=https://evil.example'],
    ['an error of every object', 'error=__proto__&error_description=evil'],
    ['an error with a line break', 'error=a%0d%0aLocation:%20https://evil.example'],
    ['an error beside a code', 'error=server_error&code=evil'],
    ['two errors', 'error=evil&error=access_denied'],
    ['another issuer', 'code=evil&iss=https://evil.example'],
    ['two issuers', 'code=evil&iss=https://evil.example&iss=x'],
    ['a script for an issuer', `code=evil&iss=${encodeURIComponent(script)}`],
    ['an ID token', 'code=evil&id_token=evil&access_token=evil'],
    ['a signed response', 'response=evil.evil.evil'],
    ['another way back', 'code=evil&returnTo=//evil.example&redirect_uri=https://evil.example'],
  ];

  describe.each([
    ['/api/login/azure', '/getAToken', 'azure'],
    ['/api/login/google', '/google/callback', 'google'],
  ])('%s', (loginPath, callbackPath) => {
    it.each(parameters)('%s', async (_title, query) => {
      const browser = gateway.browser();
      const started = await browser.fetch(loginPath);
      const state = new URL(started.headers.get('location') ?? '').searchParams.get('state');
      await expectNothing(browser, `${callbackPath}?state=${state}&${query}`, 401, 'SIGN_IN_FAILED');
      await expectNothing(browser, `${callbackPath}?state=${state}&${query}`, 400, 'OAUTH_STATE_INVALID');
    });

    it.each([
      ['a script', `state=${encodeURIComponent(script)}`],
      ['a link', 'state=https://evil.example'],
      ['a line break', 'state=a%0d%0aLocation:%20https://evil.example'],
      ['an object', 'state[evil]=evil'],
      ['none', 'evil=evil'],
    ])('%s for a state', async (_title, query) => {
      await expectNothing(
        gateway.browser(),
        `${callbackPath}?${query}&code=evil`,
        400,
        'OAUTH_STATE_INVALID',
      );
    });

    it('a second state beside the right one', async () => {
      const browser = gateway.browser();
      const started = await browser.fetch(loginPath);
      const state = new URL(started.headers.get('location') ?? '').searchParams.get('state');
      const query = `state=${state}&state=evil&code=evil`;
      await expectNothing(browser, `${callbackPath}?${query}`, 400, 'OAUTH_STATE_INVALID');
    });
  });

  async function expectNothing(browser: Browser, path: string, status: number, code: string): Promise<void> {
    const answer = await browser.fetch(path);
    const text = await answer.text();
    expect({ status: answer.status, text }).toEqual({ status, text: expect.stringContaining(`"${code}"`) });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(`${text}${JSON.stringify([...answer.headers])}`).not.toMatch(/evil|script>|__proto__/);
    expect(gateway.log.text()).not.toMatch(/evil\.example|script>/);
    expect(await browser.json('/api/user')).toEqual({ logged_in: false });
  }
});

const withSlash = (path: string) => (path.endsWith('/') ? path : `${path}/`);

/** Every escape as the byte that it names, also where they are no UTF-8. */
const decodedOnce = (text: string): string =>
  text.replace(/%[0-9a-f]{2}/gi, (byte) => String.fromCharCode(Number.parseInt(byte.slice(1), 16)));
