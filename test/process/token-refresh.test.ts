import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type GooglePerson, hedy } from '../doubles/google-double.ts';
import { Browser } from '../support/browser.ts';
import { returning } from './returning.ts';
import { faces, lastIssued, manyRequests, presented, startStraggler } from './shown-tokens.ts';
import { leaksIn, useCloudsGateway } from './trusted-clouds.ts';

const mary = { sub: '108000000000000000002', email: 'mary@gmail.example', name: 'Mary Jackson' };
const grace = { sub: '108000000000000000003', email: 'grace@gmail.example', name: 'Grace Hopper' };
const running = useCloudsGateway({ TOKEN_EXPOSURE: 'full' });

/** Signs in with Google; at once with the first access token expired, unless said otherwise. */
async function signedIn(person: GooglePerson = hedy, browser = new Browser(running.url)): Promise<Browser> {
  running.google.person = person;
  await browser.visit('/api/login/google');
  return browser;
}

const shown = ({ email }: GooglePerson) => ({ email, ...lastIssued(running.google) });

test('of fifty requests with an expired token one refreshes it, and all answer the new one', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  google.beforeRefresh = () => delay(3000);
  const browser = await signedIn();
  const answers = await manyRequests(browser, 50);

  expect(google).toMatchObject({ refreshCalls: 1, reuses: 0 });
  expect([...google.liveAccessTokens()]).toEqual([[lastIssued(google).access, hedy.email]]);
  expect(answers).toEqual(Array.from({ length: 50 }, () => [shown(hedy)]));

  expect(await manyRequests(browser, 10)).toEqual(Array.from({ length: 10 }, () => [shown(hedy)]));
  expect(google.refreshCalls).toBe(1);
});

test('requests that read the session before or during a refresh answer its tokens, and never use the old ones', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const browser = await signedIn();
  const [during, after] = [
    await Promise.all([1, 2, 3, 4, 5].map(() => startStraggler(browser))),
    await Promise.all([1, 2, 3, 4, 5].map(() => startStraggler(browser))),
  ];
  const { arrived, release } = google.holdRefreshes();
  const answers = [faces.REST(browser)];
  await arrived;
  answers.push(...during.map(({ finish }) => finish()), faces.REST(browser), faces.GraphQL(browser));
  await (await browser.fetch('/api/user')).text();
  release();
  await Promise.all(answers);
  answers.push(...after.map(({ finish }) => finish()));

  for (const answer of await Promise.all(answers)) expect(answer).toEqual([shown(hedy)]);
  expect(google).toMatchObject({ refreshCalls: 1, reuses: 0 });
});

test('waves of requests over tokens that soon expire present each refresh token once', async () => {
  const { google } = running;
  google.expiresInSeconds.first = 0;
  const browser = await signedIn();
  for (let wave = 0; wave < 3; wave++) {
    google.expiresInSeconds.refreshed = wave < 2 ? 1 : 3600;
    const stragglers = await Promise.all([1, 2, 3, 4].map(() => startStraggler(browser)));
    await expect.poll(() => google.liveAccessTokens().size, { timeout: 5_000 }).toBe(0);
    const { arrived, release } = google.holdRefreshes();
    const first = manyRequests(browser, 10);
    await arrived;
    const more = [
      manyRequests(browser, 10),
      ...stragglers.slice(2).map(async ({ finish }) => [await finish()]),
    ];
    release();
    more.push(first, ...stragglers.slice(0, 2).map(async ({ finish }) => [await finish()]));
    for (const answers of await Promise.all(more))
      for (const [tokens] of answers) expect(google.accessTokens.get(tokens?.access ?? '')).toBeDefined();
  }
  const used = presented(google);
  expect(used.length).toBeGreaterThanOrEqual(3);
  expect(new Set(used).size).toBe(used.length);
  expect(google).toMatchObject({ refreshCalls: used.length, reuses: 0 });
  expect(await faces.REST(browser)).toEqual([shown(hedy)]);
  expect(google.liveAccessTokens().size).toBe(1);
});

test('two people whose tokens expire at once each get their own', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const browsers = [await signedIn(hedy), await signedIn(mary)];
  google.beforeRefresh = () => expect.poll(() => google.refreshCalls).toBe(2);
  const answers = await Promise.all(browsers.map((browser) => manyRequests(browser, 10)));

  const owners = answers.map((many) =>
    many.flat().map(({ email, access }) => ({ email, owner: google.liveAccessTokens().get(access ?? '') })),
  );
  expect(owners).toEqual(
    [hedy, mary].map(({ email }) => Array.from({ length: 10 }, () => ({ email, owner: email }))),
  );
  expect(google).toMatchObject({ refreshCalls: 2, reuses: 0 });
});

test('one person in two browsers has two sessions, each with tokens of its own', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const browsers = [await signedIn(), await signedIn()];
  google.beforeRefresh = () => expect.poll(() => google.refreshCalls).toBe(2);
  const answers = await Promise.all(browsers.map((browser) => manyRequests(browser, 10)));

  const tokens = answers.map((many) => new Set(many.flat().map(({ access }) => access)));
  expect(tokens.map(({ size }) => size)).toEqual([1, 1]);
  expect(tokens.flatMap((set) => [...set]).toSorted()).toEqual(
    [...google.liveAccessTokens().keys()].toSorted(),
  );
  expect(google).toMatchObject({ refreshCalls: 2, reuses: 0 });
});

test('two Google accounts of one session are refreshed at once, and both are kept', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const browser = await signedIn(grace, await signedIn(hedy));
  google.beforeRefresh = () => expect.poll(() => google.refreshCalls).toBe(2);
  await manyRequests(browser, 10);
  google.beforeRefresh = async () => {};

  const live = google.liveAccessTokens();
  const kept = await faces.REST(browser);
  expect(kept.map(({ email }) => email)).toEqual([hedy.email, grace.email]);
  for (const { email, access } of kept) expect(live.get(access ?? '')).toBe(email);
  expect(google).toMatchObject({ refreshCalls: 2, reuses: 0 });
});

test('a refresh uses the token that the one before gave, also after kill -9', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: 0 };
  const browser = await signedIn();
  const first = lastIssued(google).refresh;
  const [second] = await faces.REST(browser);
  await running.restart();
  const again = await returning(browser, running.url);
  const [third] = await faces.REST(again);
  await faces.GraphQL(again);

  expect(presented(google)).toEqual([first, second?.refresh, third?.refresh]);
  expect(google).toMatchObject({ refreshCalls: 3, reuses: 0 });
});

test('none of those tokens, nor any secret, is in what it has written', () => {
  expect(running.google.secrets.length).toBeGreaterThan(10);
  expect(running.output()).toContain('/api/accounts');
  expect(leaksIn(running.output(), running)).toEqual([]);
});
