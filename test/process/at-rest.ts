import { expect } from 'vitest';
import { ada } from '../doubles/azure-double.ts';
import { hedy } from '../doubles/google-double.ts';
import { addRole, roleArn, trustGateway } from './aws-role.ts';
import { callbackOf } from './callback-of.ts';
import { RecordingBrowser } from './recording-browser.ts';
import { faces } from './shown-tokens.ts';
import type { CloudsGateway } from './trusted-clouds.ts';

/**
 * Signs people in with all clouds, has a token refreshed, signs one out, and leaves a sign-in under way: everything
 * that a gateway keeps. Gives all that must not be found where it is kept.
 */
export async function leaveTraces(clouds: CloudsGateway): Promise<string[]> {
  const { azure, google, sts } = clouds;
  const browsers = Array.from({ length: 3 }, () => new RecordingBrowser(clouds.gateway().url));
  const [staying, leaving, arriving] = browsers as [RecordingBrowser, RecordingBrowser, RecordingBrowser];
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  for (const browser of [staying, leaving]) {
    await browser.visit('/api/login/azure');
    await browser.visit('/api/login/google');
    await trustGateway(sts, browser);
    expect((await addRole(browser)).status).toBe(201);
    expect(await faces.REST(browser)).toHaveLength(1);
  }
  expect(google.refreshCalls).toBe(2);
  expect((await leaving.fetch('/api/logout')).status).toBe(200);
  await callbackOf(arriving, 'azure');

  const { externalId } = await staying.json<{ externalId: string }>('/api/account/aws/config');
  const people = [ada.name, ada.email, ada.tid, hedy.name ?? '', hedy.email ?? '', hedy.sub];
  const flows = [azure, google].flatMap(({ requests }) =>
    requests.flatMap(({ values }) => [values.state, values.nonce, values.code_verifier, values.code]),
  );
  const secrets = [
    ...people,
    roleArn,
    externalId,
    clouds.sessionSecret,
    sts.env.AWS_SECRET_ACCESS_KEY,
    ...[azure, google].map(({ clientSecret }) => clientSecret),
    ...[azure, google, sts].flatMap(({ secrets }) => secrets),
    ...browsers.flatMap((browser) => browser.cookieValues()),
    ...flows,
  ];
  return [...new Set(secrets)].filter((secret) => secret !== undefined && secret !== '') as string[];
}

/** Which of `secrets` some bytes hold, in whatever text they may be a part of. */
export const foundIn = (bytes: Buffer, secrets: readonly string[]): string[] =>
  secrets.filter((secret) => Object.values(formsOf(secret)).some((form) => bytes.includes(form)));

/** The ways in which a text may be written down. */
export function formsOf(text: string): Record<string, string> {
  return {
    plain: text,
    'URL-encoded': encodeURIComponent(text),
    'in JSON': JSON.stringify(text).slice(1, -1),
    'in hexadecimal': Buffer.from(text).toString('hex'),
    ...Object.fromEntries(
      [0, 1, 2].flatMap((before) => {
        const form = inBase64(text, before);
        return [
          [`in base64 after ${before}`, form],
          [`in base64url after ${before}`, form.replaceAll('+', '-').replaceAll('/', '_')],
        ];
      }),
    ),
  };
}

/** The characters that a text surely gives in the base64 of a longer one, after so many bytes (modulo 3) of it. */
function inBase64(text: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
  return before === 0 ? whole : whole.slice(4);
}

/** Texts that hold a canary each, one in every form, and the canaries. */
export function plantedCanaries(): { canaries: string[]; texts: string[] } {
  const names = Object.keys(formsOf('x'));
  const canaries = names.map((_, at) => `planted canary "${at}" of these tests`);
  const texts = names.map((name, at) => `before ${formsOf(canaries[at] ?? '')[name]} after`);
  return { canaries, texts };
}
