import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ada } from '../doubles/azure-double.ts';
import { hedy } from '../doubles/google-double.ts';
import {
  brokenOff,
  dripping,
  drippingHeaders,
  floodOfHeaders,
  gigabyteOf,
  gzipBombOf,
  type OddAnswer,
  textOf,
} from '../doubles/odd-answers.ts';
import { Browser } from '../support/browser.ts';
import { callbackOf } from './callback-of.ts';
import { peakMemoryBytes } from './peak-memory.ts';
import { returning } from './returning.ts';
import { faces, lastIssued } from './shown-tokens.ts';
import { useCloudsGateway } from './trusted-clouds.ts';

const running = useCloudsGateway({ TOKEN_EXPOSURE: 'full', AZURE_TIMEOUT_MS: '2500' });

type Provider = 'azure' | 'google';
type Endpoint = 'discovery' | 'keys' | 'token';

const other = { azure: 'google', google: 'azure' } as const;
const nameOf = { azure: ada.name, google: hedy.name } as const;

function fail(provider: Provider, endpoint: Endpoint, answer: OddAnswer): void {
  if (provider === 'azure') running.azure.failing.set(endpoint, answer);
  else running.google.failing.set(endpoint === 'keys' ? 'certs' : endpoint, answer);
}

function mend(): void {
  running.azure.failing.clear();
  running.google.failing.clear();
}

/** A browser that is signed in with the other provider, before a gateway that has read nothing of this one. */
async function signedInElsewhere(provider: Provider): Promise<Browser> {
  const browser = new Browser(running.url);
  await browser.visit(`/api/login/${other[provider]}`);
  await running.restart();
  return returning(browser, running.url);
}

/** A sign-in that meets the answer at this endpoint, and nothing odd at the others. */
async function signInMeeting(
  browser: Browser,
  at: { provider: Provider; endpoint: Endpoint; answer: OddAnswer },
): Promise<{ status: number; code: unknown }> {
  const { provider, endpoint, answer } = at;
  const isAtStart = endpoint === 'discovery';
  const path = isAtStart ? `/api/login/${provider}` : await callbackOf(browser, provider);
  fail(provider, endpoint, answer);
  const response = await browser.fetch(path);
  return { status: response.status, code: ((await response.json()) as { code: unknown }).code };
}

const signInFailed = { status: 401, code: 'SIGN_IN_FAILED' };

/** Whoever was signed in still is, and so may be whoever could not sign in before. */
async function expectAllMended(browser: Browser, provider: Provider): Promise<void> {
  mend();
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: nameOf[other[provider]] });
  expect((await browser.visit(`/api/login/${provider}`)).response.status).toBe(200);
  expect(await browser.json('/api/accounts')).toHaveLength(2);
}

/** How the first connection with an odd answer ended; it has to have by the time the gateway has answered. */
const endOf = ({ ended }: OddAnswer) => Promise.race([ended, delay(1000, 'left open')]);

const json = '{"keys":[]}';
const endpoints = (['azure', 'google'] as const).flatMap((provider) =>
  (['discovery', 'keys', 'token'] as const).map((endpoint) => ({ provider, endpoint })),
);

describe.each(endpoints)('a sign-in with $provider whose $endpoint endpoint answers', (at) => {
  test('a gigabyte, however it is sent, fails and keeps nothing of it', async () => {
    const browser = await signedInElsewhere(at.provider);
    const before = peakMemoryBytes(running.pid);
    for (const answer of [
      gigabyteOf(json, { isDeclared: true }),
      gigabyteOf(json, { isDeclared: false }),
      gzipBombOf(json),
      floodOfHeaders(),
    ]) {
      expect(await signInMeeting(browser, { ...at, answer })).toEqual(signInFailed);
      expect(await endOf(answer)).toBe('closed by the client');
      mend();
    }
    expect(peakMemoryBytes(running.pid) - before).toBeLessThan(100_000_000);
    await expectAllMended(browser, at.provider);
  });

  test('what is no JSON object fails until it is mended', async () => {
    const browser = await signedInElsewhere(at.provider);
    for (const answer of [
      brokenOff(json),
      textOf(json.slice(0, 5)),
      textOf('<!doctype html><h1>Welcome</h1>', 'text/html'),
      textOf('5'),
      textOf(''),
    ]) {
      expect(await signInMeeting(browser, { ...at, answer })).toEqual(signInFailed);
      mend();
    }
    await expectAllMended(browser, at.provider);
  });
});

/** Google's deadline is ten seconds, so that each of these takes as long. */
test.each([
  ['one byte a second', 'token', () => dripping(json)],
  ['one byte of a header a second', 'discovery', () => drippingHeaders()],
] as const)(
  'a sign-in that gets %s from the %s endpoint fails at the deadline',
  async (_title, endpoint, odd) => {
    const browser = new Browser(running.url);
    await running.restart();
    const both = (['azure', 'google'] as const).map(async (provider) => {
      const answer = odd();
      const started = Date.now();
      const signIn = await signInMeeting(await returning(browser, running.url), {
        provider,
        endpoint,
        answer,
      });
      expect(signIn).toEqual(signInFailed);
      expect(Date.now() - started).toBeLessThan(20_000);
      expect(await endOf(answer)).toBe('closed by the client');
    });
    await Promise.all(both);
  },
);

test('a gigabyte in the place of refreshed tokens costs none of them', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const browser = new Browser(running.url);
  await browser.visit('/api/login/google');
  const held = [{ email: hedy.email, ...lastIssued(google) }];
  const before = peakMemoryBytes(running.pid);
  for (const [face, show] of Object.entries(faces)) {
    const answer = gigabyteOf(json, { isDeclared: false });
    google.failing.set('token', answer);
    expect(await show(browser), face).toEqual(held);
    expect(await endOf(answer)).toBe('closed by the client');
  }
  expect(peakMemoryBytes(running.pid) - before).toBeLessThan(100_000_000);
  mend();
  expect(await faces.REST(browser)).toEqual([{ email: hedy.email, ...lastIssued(google) }]);
  expect(await faces.REST(browser)).not.toEqual(held);
});
