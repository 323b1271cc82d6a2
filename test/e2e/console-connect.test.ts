import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { screenshot, useChromium } from './chromium.ts';
import {
  ask,
  cardProviders,
  cards,
  connectRole,
  focused,
  linkAccount,
  openAws,
  sandboxRole,
  signIn,
  signInLink,
  submitRole,
} from './console-page.ts';

const chromium = useChromium();

test('signing in with Google and linking Microsoft later keeps the person and shows both accounts', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'Jane Roe', 'Google');
  expect(page.url()).toBe(`${gateway.url}/`);
  expect(await cardProviders(page)).toEqual(['Google Cloud']);
  expect(await cards(page).textContent()).toContain('jane.roe@example.org');

  await linkAccount(page, 'John Doe', 'Microsoft');
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Jane Roe');
  expect(await cardProviders(page)).toEqual(['Microsoft Azure', 'Google Cloud']);
  await page.getByRole('rowheader', { name: 'Production Subscription' }).waitFor();
});

test('three clouds are three cards in one session', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await linkAccount(page, 'John Doe', 'Google');
  await page.getByRole('table').waitFor();
  await connectRole(page);

  expect(await cardProviders(page)).toEqual(['Microsoft Azure', 'Google Cloud', 'Amazon Web Services']);
  expect(await cards(page).last().textContent()).toContain(sandboxRole);
  expect(await focused(page)).toBe('AWS Account (987654321098)');
  expect(await page.getByLabel('Role ARN').isVisible()).toBe(false);
  // The subscriptions that were on show stay; nothing is listed twice.
  expect(await page.getByRole('table').count()).toBe(1);
  expect(await ask(page, '/api/accounts')).toMatchObject([
    { provider: 'azure' },
    { provider: 'gcp' },
    { provider: 'aws' },
  ]);
  await page.evaluate('scrollTo(0, 0)');
  await screenshot(page, 'console-signed-in');
});

test('connecting the same role again leaves one card and goes to it', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await connectRole(page);
  const form = await openAws(page);
  expect(await page.getByLabel('Role ARN').inputValue()).toBe('');
  await submitRole(page, `  ${sandboxRole}\t`);
  await form.getByRole('button', { name: 'Connect role' }).waitFor({ state: 'hidden' });
  expect(await focused(page)).toBe('AWS Account (987654321098)');
  expect(await cards(page).count()).toBe(2);
});

test.each([
  ['Unknown', 'AWS did not let the gateway assume this role'],
  ['TooOpen', 'The role can be assumed without an external id too'],
  ['not/a/role?', 'roleArn must be the ARN of an IAM role'],
])('the role %s is refused at the form, with the reason and nothing lost', async (name, reason) => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await page.getByRole('table').waitFor();
  const form = await openAws(page);
  const roleArn = `arn:aws:iam::987654321098:role/${name}`;
  await submitRole(page, roleArn);
  await form.getByText(reason).waitFor();

  const input = page.getByLabel('Role ARN');
  expect(await input.inputValue()).toBe(roleArn);
  expect(await input.getAttribute('aria-invalid')).toBe('true');
  expect(await page.evaluate('document.activeElement.id')).toBe(await input.getAttribute('id'));
  expect(await form.getByRole('button', { name: 'Connect role' }).isEnabled()).toBe(true);
  expect(await cardProviders(page)).toEqual(['Microsoft Azure']);
  expect(await page.getByRole('table').count()).toBe(1);

  await submitRole(page, sandboxRole);
  await cards(page).nth(1).waitFor();
  await openAws(page);
  expect(await form.getByText(reason).count()).toBe(0);
  expect(await input.getAttribute('aria-invalid')).toBe(null);
});

test('the form says what it waits for, and cannot be sent twice meanwhile', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  gateway.sandbox.faults.set('aws.sts.AssumeRole', { delayMs: 1_000 }, { times: 1 });
  const form = await openAws(page);
  await submitRole(page, sandboxRole);
  await form.getByRole('status').getByText('Connecting…').waitFor();
  expect(await form.getByRole('button', { name: 'Connect role' }).isDisabled()).toBe(true);
  await page.getByLabel('Role ARN').press('Enter');
  await cards(page).nth(1).waitFor();
  // Once with the external id and once without.
  expect(gateway.sandbox.calls.count('aws.sts.AssumeRole')).toBe(2);
});

test('the trust policy names what the gateway tells this user, and can be copied', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, 'John Doe');
  const form = await openAws(page);
  await form.getByText('"sts:ExternalId"').waitFor();
  const { awsAccountId, externalId } = (await ask(page, '/api/account/aws/config')) as Record<string, string>;
  expect(await form.getByRole('definition').allInnerTexts()).toEqual([awsAccountId, externalId]);
  await form.getByRole('button', { name: 'Copy' }).click();
  await form.getByText('Copied.').waitFor();
  expect(JSON.parse(await page.evaluate('navigator.clipboard.readText()'))).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: awsAccountId },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    ],
  });
});

test('where the page may not write to the clipboard, Copy selects the trust policy', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await page.addInitScript(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`);
  await signIn(page, 'John Doe');
  const form = await openAws(page);
  await form.getByRole('button', { name: 'Copy' }).click();
  await form.getByText('Selected; copy it with your keyboard.').waitFor();
  expect(await page.evaluate('String(getSelection())')).toContain('"sts:AssumeRole"');
});

test('a trust policy that could not be read is read at a second try', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  const path = '**/api/account/aws/config';
  await page.route(path, (route) =>
    route.fulfill({ status: 503, json: { error: 'The session store does not answer' } }),
  );
  const form = await openAws(page);
  await form.getByText('The session store does not answer').waitFor();
  await page.unroute(path);
  await form.getByRole('button', { name: 'Try again' }).click();
  await form.getByText('"sts:ExternalId"').waitFor();
  expect(chromium.takeFaults()).toEqual([expect.stringContaining('503')]);
});

test('where somebody else has signed in meanwhile, a change shows that person', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  const otherTab = await page.context().newPage();
  await otherTab.goto(gateway.url);
  await otherTab.getByRole('button', { name: 'Sign out' }).click();
  await signIn(otherTab, 'Maria Many');

  await openAws(page);
  await submitRole(page, sandboxRole);
  await page.getByRole('heading', { level: 1, name: 'Maria Many' }).waitFor();
  expect(await cardProviders(page)).toEqual(['Microsoft Azure', 'Amazon Web Services']);
  expect(await page.content()).not.toMatch(/John|Production/);
});

test('a session that has ended meanwhile turns the page to the sign-ins', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  const form = await openAws(page);
  await form.getByText('"sts:ExternalId"').waitFor();
  await ask(page, '/api/logout');
  await submitRole(page, sandboxRole);
  await page.getByText('Your session has ended. Sign in again to go on.').last().waitFor();
  await signInLink(page, 'Google').waitFor();
  expect(await focused(page)).toBe('One session for all your clouds');
  expect(await page.content()).not.toMatch(/John|Production/);
});
