import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEOPLE } from '../../src/sandbox/people.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { configure, discover, JOHN_TENANT, pressOn, readDiscovery, startFlow } from './entra-flow.ts';
import { createBrowser, startTrustedSandbox } from './support.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startTrustedSandbox();
});
afterAll(() => sandbox.close());

describe('the sign-in page', () => {
  test('lists those of the tenant, and everybody at organizations', async () => {
    const browser = createBrowser();
    const one = await browser.open((await startFlow(await discover(sandbox, JOHN_TENANT))).url);
    expect(one.text.match(/name="persona"/g)).toHaveLength(1);
    expect(one.text).toContain('This is a sandbox');
    const everybody = configure(sandbox, await readDiscovery(sandbox, 'organizations'));
    const all = await browser.open((await startFlow(everybody)).url);
    for (const { id } of PEOPLE) expect(all.text).toContain(`<button name="persona" value="${id}">`);
    expect(all.text).not.toContain('<script');
  });

  test.each([
    ['an unknown client', { client_id: 'somebody-else' }],
    ['a redirect to another machine', { redirect_uri: 'https://attacker.example/callback' }],
    ['a redirect to a host that only looks like this machine', { redirect_uri: 'http://localhost.example/' }],
  ])('refuses %s with a page, never with a redirect', async (_what, wrong) => {
    const { url } = await startFlow(await discover(sandbox, JOHN_TENANT), wrong);
    const page = await createBrowser().open(url);
    expect(page.status).toBe(400);
    expect(page.text).toContain('Sign-in refused');
  });

  test('shows no foreign markup', async () => {
    const { url } = await startFlow(await discover(sandbox, JOHN_TENANT), {
      state: '"><script>alert(1)</script>',
    });
    expect((await createBrowser().open(url)).text).not.toContain('<script>');
  });

  test('tells the app about a missing PKCE challenge', async () => {
    const { url } = await startFlow(await discover(sandbox, JOHN_TENANT));
    url.searchParams.delete('code_challenge');
    const back = await createBrowser().open(url);
    expect(back.url.searchParams.get('error')).toBe('invalid_request');
  });

  test('lets nobody sign in at a tenant of others', async () => {
    const browser = createBrowser();
    const page = await browser.open((await startFlow(await discover(sandbox, JOHN_TENANT))).url);
    const forged = { ...page, text: page.text.replace('value="john"', 'value="many"') };
    expect((await browser.press(forged, { name: 'persona', value: 'many' })).status).toBe(400);
  });

  test('cancelling sends the browser back with access_denied and the state', async () => {
    const { url, checks } = await startFlow(await discover(sandbox, JOHN_TENANT));
    const back = await pressOn(url, 'cancel', '1');
    expect(back.url.searchParams.get('error')).toBe('access_denied');
    expect(back.url.searchParams.get('state')).toBe(checks.expectedState);
  });

  test('one browser signs in as two people, one after the other, and at the same time', async () => {
    const config = configure(sandbox, await readDiscovery(sandbox, 'organizations'));
    const browser = createBrowser();
    const pages = await Promise.all(
      ['john', 'many', 'john', 'nameless'].map(async (value) => {
        const { url } = await startFlow(config);
        return { value, page: await browser.open(url) };
      }),
    );
    const [first, ...others] = pages.map(
      ({ value, page }) =>
        () =>
          browser.press(page, { name: 'persona', value }),
    );
    const visits = [await first?.(), ...(await Promise.all(others.map((press) => press())))];
    for (const visit of visits) expect(visit?.url.searchParams.get('code')).toBeTruthy();
  });
});
