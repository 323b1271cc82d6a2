import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { ada } from '../doubles/azure-double.ts';
import { hedy } from '../doubles/google-double.ts';
import { dripping } from '../doubles/odd-answers.ts';
import { subscriptionsOf } from '../doubles/resource-manager-double.ts';
import { Browser } from '../support/browser.ts';
import { roleArn, trustGateway } from './aws-role.ts';
import { callbackOf } from './callback-of.ts';
import { returning } from './returning.ts';
import { faces, lastIssued } from './shown-tokens.ts';
import { useCloudsGateway } from './trusted-clouds.ts';

const running = useCloudsGateway({ TOKEN_EXPOSURE: 'full' });

let browser: Browser;
let outputBefore: number;
beforeEach(async () => {
  browser = new Browser(running.url);
  await browser.visit('/api/login/azure');
  outputBefore = running.output().length;
});

type Line = { level: string; aborted?: boolean; path?: string; err?: { message: string } };
const logged = (): Line[] =>
  running
    .output()
    .slice(outputBefore)
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

const post = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const graphql = (query: string): [string, RequestInit] => ['/graphql', post({ query })];

/** Asks, and hangs up once `asked` says that the cloud is being asked. */
async function hangUpOn(
  [path, init]: [string, RequestInit],
  asked: () => Promise<unknown>,
  client = browser,
): Promise<void> {
  const controller = new AbortController();
  const answer = client.fetch(path, { ...init, signal: controller.signal });
  await Promise.race([asked(), answer]);
  controller.abort();
  await expect(answer).rejects.toThrow('aborted');
}

/** The request is over for the gateway, and was nothing that an operator has to look at. */
async function expectNoIncident(): Promise<void> {
  await expect.poll(() => logged().filter(({ aborted }) => aborted)).toHaveLength(1);
  await expect
    .poll(() => logged().map(({ err }) => err?.message))
    .toContain('The client went away before its answer');
  expect(logged().filter(({ level }) => !['trace', 'debug', 'info'].includes(level))).toEqual([]);
}

/** Well before the ten seconds of either cloud's deadline. */
const soon = () => delay(3000, 'left open');

describe.each<[string, [string, RequestInit]]>([
  ['REST', ['/api/subscriptions', {}]],
  ['GraphQL', graphql('{ azureSubscriptions { id } }')],
])('a client of %s that goes away', (_face, request) => {
  test('ends the listing that it waited for', async () => {
    const answer = dripping('{"value":[]}');
    running.azure.failing.set('subscriptions', answer);
    await hangUpOn(request, () => expect.poll(answer.count).toBe(1));
    expect(await Promise.race([answer.ended, soon()])).toBe('closed by the client');
    await expectNoIncident();
    running.azure.failing.clear();
    expect(await browser.json('/api/subscriptions')).toMatchObject({ value: [{}, {}] });
  });

  test('leaves the token to the others who wait for it', async () => {
    await running.restart();
    browser = await returning(browser, running.url);
    outputBefore = running.output().length;
    const { arrived, release } = running.azure.holdApplicationTokens();
    const waiting = Promise.withResolvers<unknown>();
    await hangUpOn(request, async () => {
      await arrived;
      waiting.resolve(browser.json('/api/subscriptions'));
      await delay(100); // for that request to come to where it waits as well
    });
    await expectNoIncident();
    release();
    expect(await waiting.promise).toMatchObject({
      value: subscriptionsOf(ada.tid).map(({ subscriptionId }) => ({ subscriptionId })),
    });
  });
});

describe.each<[string, [string, RequestInit]]>([
  ['REST', ['/api/account/aws/add', post({ roleArn })]],
  ['GraphQL', graphql(`mutation { connectAwsAccount(roleArn: "${roleArn}") { account { id } } }`)],
])('a client of %s that goes away', (_face, request) => {
  test('ends the verification of its role, which is not connected', async () => {
    await trustGateway(running.sts, browser);
    const answer = dripping('<AssumeRoleResponse/>', 'text/xml');
    running.sts.failure = answer;
    await hangUpOn(request, () => expect.poll(answer.count).toBe(1));
    expect(await Promise.race([answer.ended, soon()])).toBe('closed by the client');
    await expectNoIncident();
    expect(await browser.json('/api/accounts')).toMatchObject([{ provider: 'azure' }]);
  });
});

test('a client that goes away while an account is linked has it linked all the same', async () => {
  const { arrived, release } = running.azure.holdListings();
  const linking = new Browser(running.url);
  await linking.visit('/api/login/google');
  await hangUpOn([await callbackOf(linking, 'azure'), {}], () => arrived, linking);
  await expect.poll(() => logged().filter(({ aborted }) => aborted)).toHaveLength(1);
  release();
  await expect
    .poll(() => linking.json('/api/accounts'))
    .toMatchObject([{ provider: 'gcp' }, { provider: 'azure' }]);
});

test('a client that goes away while tokens are refreshed loses none of them', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const refreshing = new Browser(running.url);
  await refreshing.visit('/api/login/google');
  const { arrived, release } = google.holdRefreshes();
  await hangUpOn(['/api/accounts', {}], () => arrived, refreshing);
  await expect.poll(() => logged().filter(({ aborted }) => aborted)).toHaveLength(1);
  release();
  const shown = await faces.REST(refreshing);
  expect(shown).toEqual([{ email: hedy.email, ...lastIssued(google) }]);
  expect(google).toMatchObject({ refreshCalls: 1, reuses: 0 });
});
