import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { screenshot, useChromium } from './chromium.ts';
import {
  connectRole,
  focused,
  openAws,
  person,
  sidewaysOverflow,
  signIn,
  signInLink,
  submitRole,
} from './console-page.ts';

const chromium = useChromium();

test('a phone of 390 pixels shows every page without scrolling sideways', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url, { width: 390 });
  await signInLink(page).waitFor();
  expect(await sidewaysOverflow(page)).toBe(0);
  await signInLink(page).click();
  await person(page, 'John Doe').waitFor();
  expect(await sidewaysOverflow(page)).toBe(0);
  await person(page, 'John Doe').click();
  await page.getByRole('table').waitFor();
  expect(await sidewaysOverflow(page)).toBe(0);
  await screenshot(page, 'console-narrow');
});

test('a failure on a phone does not scroll sideways either', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url, { width: 390 });
  await signIn(page, 'Dennis Denied');
  await page.getByRole('button', { name: 'Retry' }).waitFor();
  expect(await sidewaysOverflow(page)).toBe(0);
});

test.each(['light', 'dark'] as const)(
  'connecting AWS fits into 320 pixels, in %s colours',
  async (colorScheme) => {
    await using gateway = await startGateway();
    await using page = await chromium.open(gateway.url, { width: 320 });
    await page.emulateMedia({ colorScheme });
    await signIn(page, 'John Doe');
    await connectRole(page);
    expect(await sidewaysOverflow(page)).toBe(0);
    await page.getByRole('button', { name: 'Disconnect Amazon Web Services' }).click();
    const form = await openAws(page);
    await form.getByText('"sts:ExternalId"').waitFor();
    await submitRole(page, 'arn:aws:iam::987654321098:role/Unknown');
    await form.getByText('Request ID').waitFor();
    expect(await sidewaysOverflow(page)).toBe(0);
  },
);

test('every control of a signed-in page has a name', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'Maria Many');
  await connectRole(page);
  await (await openAws(page)).getByText('"sts:ExternalId"').waitFor();
  await page.getByRole('searchbox').waitFor();
  const controls = (await page.locator('body').ariaSnapshot()).match(
    /(?<=- )(button|link|textbox|searchbox|region)( ".+")?/g,
  );
  expect(controls?.length).toBeGreaterThan(12);
  expect(controls?.filter((control) => !control.includes('"'))).toEqual([]);
});

test('the keyboard alone signs in and out', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signInLink(page).waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Sign in with Microsoft');
  await page.keyboard.press('Enter');

  await person(page, 'John Doe').waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toContain('John Doe');
  await page.keyboard.press('Enter');

  await page.getByRole('table').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Sign out');
  await page.keyboard.press('Enter');
  await signInLink(page).waitFor();
  expect(await focused(page)).toBe('One session for all your clouds');
});

test('the keyboard alone connects AWS and disconnects it again', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await page.getByRole('table').waitFor();
  const tabTo = async (text: string) => {
    for (let presses = 0; presses < 12 && !(await focused(page)).startsWith(text); presses += 1)
      await page.keyboard.press('Tab');
    expect(await focused(page)).toMatch(RegExp(`^${text}`));
  };
  await tabTo('Amazon Web Services');
  await page.keyboard.press('Enter');
  await page.getByText('"sts:ExternalId"').waitFor();
  await tabTo('Copy');
  await page.keyboard.press('Tab');
  await page.keyboard.type('arn:aws:iam::987654321098:role/MultiCloudManagerRole');
  await page.keyboard.press('Enter');

  await page.getByRole('heading', { name: 'AWS Account (987654321098)' }).waitFor();
  expect(await focused(page)).toBe('AWS Account (987654321098)');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Disconnect Amazon Web Services, AWS Account (987654321098)');
  await page.keyboard.press('Enter');
  expect(await focused(page)).toBe('No');
  await page.keyboard.press('Escape');
  expect(await focused(page)).toMatch(/^Disconnect Amazon/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Tab');
  expect(await focused(page)).toBe('Yes');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'AWS Account' }).waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('John Doe');
});

test('signing out while subscriptions are on their way leaves nothing to complain about', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'Sława Slow');
  await page.getByText('Loading subscriptions…').last().waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signInLink(page).waitFor();
});

test('a sign-out that fails says so, in the language of the page, and takes the keyboard to its mend', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  const refused = '**/graphql';
  await page.route(refused, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: 'no' }));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You may still be signed in.').waitFor();
  expect(await focused(page)).toBe('Try again');
  await page.getByRole('button', { name: 'Polski' }).click();
  await page.getByText('Być może nadal trwa Twoja sesja.').waitFor();
  expect(await page.content()).not.toMatch(/John|You may still/);
  await page.unroute(refused);
  await page.getByRole('button', { name: 'Spróbuj ponownie' }).click();
  await page.getByRole('link', { name: 'Zaloguj się przez Microsoft' }).waitFor();
  expect(chromium.takeFaults()).toEqual([expect.stringContaining('502')]);
});

test('a browser whose clock is hours behind still takes the data away when the session ends', async () => {
  await using gateway = await startGateway({ env: { SESSION_IDLE_MINUTES: '1' } });
  await using page = await chromium.open(gateway.url);
  await page.clock.install({ time: Date.now() - 3 * 3_600_000 });
  await page.reload();
  await signIn(page, 'John Doe');
  await page.getByRole('table').waitFor();
  await page.clock.fastForward(61_000);
  await page.getByText('This session has reached its time limit.').waitFor();
  expect(await page.content()).not.toMatch(/John|Production/);
});
