import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { person } from './console-page.ts';
import { changingAttacks } from './cross-site-attacks.ts';
import { linkingAttacks, readingAttacks, windowAttacks } from './cross-site-reads.ts';
import { type Scene, sessionOf, startScene } from './cross-site-scene.ts';

const chromium = useChromium();
let scene: Scene;
beforeAll(async () => {
  scene = await startScene(chromium);
});
afterAll(() => scene?.[Symbol.asyncDispose]());

const arrivals = () => scene.arrivals.all().map(({ text }) => text);
/** What has reached the gateway, once for each kind: Chromium repeats what it could not show. */
const kinds = () => [...new Set(arrivals())];
const patience = { timeout: 15_000, interval: 10 };

/**
 * A browser takes `localhost` and `127.0.0.1` for two sites, and two ports of `localhost` for one. On the same site
 * the cookie goes along with everything, and only the gateway can tell such a page from its own.
 */
const sites = [
  { where: 'another site', host: '127.0.0.1', isSameSite: false },
  { where: 'the same site, on another port', host: 'localhost', isSameSite: true },
];

describe.each(sites)('a page of $where gets nowhere when it', ({ host, isSameSite }) => {
  const origin = () => `http://${host}:${scene.foreignPort}`;
  const open = () => scene.openTab(scene.john, origin());
  const attacks = [...changingAttacks, ...linkingAttacks, ...readingAttacks, ...windowAttacks].flatMap(
    ({ aim, answer, cookie, ways }) =>
      Object.entries(ways).map(([way, run]) => {
        const [script, expected] = typeof run === 'string' ? [run, answer] : run;
        return [`${aim}: ${way}`, { script, expected, cookie }] as const;
      }),
  );

  let kept: Page & AsyncDisposable;
  beforeAll(async () => {
    kept = await open();
  });
  afterAll(() => kept?.[Symbol.asyncDispose]());

  test.each(attacks)('%s', async (name, { script, expected, cookie }) => {
    // A tab of its own takes longer, and only what leaves the page needs one. A reload would bring back its frames.
    const leaves = cookie === 'shown' || cookie === 'opened';
    await using left = leaves ? await open() : undefined;
    if (!left) await kept.goto(`${origin()}/?${new URLSearchParams({ name })}`);
    const window = cookie === 'opened' ? left?.context().waitForEvent('page') : undefined;
    scene.arrivals.clear();
    const [read] = await Promise.all([scene.run(left ?? kept, script), window]);

    await expect.poll(kinds, patience).toEqual([expected]);
    const isCarried = (leaves && expected.startsWith('GET ')) || (isSameSite && cookie !== 'withheld');
    expect(scene.arrivals.all().filter(({ hasSession }) => hasSession !== isCarried)).toEqual([]);
    expect(await sessionOf(scene.john)).toBe(scene.held);
    expect(scene.secrets.filter((secret) => read.includes(secret))).toEqual([]);
    expect(kinds()).toEqual([expected]);
  });

  test('opens a window, which shows the person what the page cannot read', async () => {
    await using tab = await open();
    const opening = tab.context().waitForEvent('page');
    const read = await scene.run(tab, "openWindow('GATEWAY/api/user')");
    const shown = await opening;
    await expect.poll(() => shown.locator('body').textContent(), patience).toContain('John Doe');
    expect(read).not.toContain('John Doe');
  });

  test('waits for the person to come back, and goes forward to where it was refused', async () => {
    await using tab = await open();
    scene.arrivals.clear();
    const refused = 'GET /api/logout 403';
    await scene.run(tab, "click({ href: 'GATEWAY/api/logout', rel: 'noreferrer' })");
    await expect.poll(arrivals, patience).toEqual([refused]);
    await tab.waitForURL('**/api/logout');
    await tab.goBack();
    await scene.run(tab, 'history.forward()');
    await expect.poll(arrivals, patience).toEqual([refused, refused]);
    expect(await sessionOf(scene.john)).toBe(scene.held);
  });

  test('lets a sign-in end at the path that signs out', async () => {
    await using tab = await open();
    await scene.run(tab, "(location = 'GATEWAY/api/login/azure?returnTo=/api/logout')");
    const landing = tab.waitForResponse((response) => new URL(response.url()).pathname === '/api/logout');
    await person(tab, 'John Doe').click();
    expect((await landing).status()).toBe(403);
    expect(await sessionOf(scene.john)).toBe(scene.held);
  });
});

test.each([
  ['an image', "embed('img', { src: 'ELSEWHERE' })"],
  ['a link', "click({ href: 'ELSEWHERE' })"],
])('%s on the front end does not sign out by way of another site', async (_what, script) => {
  await using tab = await scene.openTab(scene.john, scene.frontEnd);
  scene.arrivals.clear();
  const elsewhere = `http://127.0.0.1:${scene.foreignPort}/redirect?to=GATEWAY/api/logout`;
  await scene.run(tab, script.replace('ELSEWHERE', elsewhere));
  await expect.poll(kinds, patience).toEqual(['GET /api/logout 403']);
  expect(await sessionOf(scene.john)).toBe(scene.held);
});

test('the sign-in that was pushed on somebody else is still good where it was started', async () => {
  const { browser, callback } = scene.attacker;
  expect((await browser.fetch(callback)).status).toBe(302);
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'Jane Roe' });
});

describe('an allowed front end gets, by the same means,', () => {
  test.each([
    ['the name', "call('GATEWAY/api/user')", 'John Doe'],
    ['tokens', "callByXhr('GET', 'GATEWAY/api/accounts')", 'refresh_token'],
    [
      'answers of GraphQL',
      "callJson('GATEWAY/graphql', { query: '{ me { email } }' })",
      'john.doe@example.com',
    ],
  ])('%s', async (_what, run, secret) => {
    await using tab = await scene.openTab(scene.john, scene.frontEnd);
    expect(await scene.run(tab, run)).toContain(secret);
  });

  test('a role connected, and disconnected', async () => {
    await using tab = await scene.openTab(scene.john, scene.frontEnd);
    await scene.run(tab, "callJson('GATEWAY/api/account/aws/add', { roleArn: 'ROLE' })");
    expect(await sessionOf(scene.john)).toContain('aws:arn');
    const mutation = 'mutation { disconnectAccount(id: "aws:ROLE") { id } }';
    await scene.run(tab, `callJson('GATEWAY/graphql', { query: '${mutation}' })`);
    expect(await sessionOf(scene.john)).toBe(scene.held);
  });

  test.each([
    ['a fetch', "call('GATEWAY/api/logout')"],
    ['an image', "embed('img', { src: 'GATEWAY/api/logout' })"],
    ['a link', "click({ href: 'GATEWAY/api/logout' })"],
    ['mutations', "callJson('GATEWAY/graphql', CHANGES)"],
  ])('the person signed out, with %s', async (_way, run) => {
    await using page = await scene.signInAgain();
    await using tab = await scene.openTab(page, scene.frontEnd);
    await scene.run(tab, run);
    await expect.poll(() => sessionOf(page), patience).toContain('"loggedIn":false');
  });
});
