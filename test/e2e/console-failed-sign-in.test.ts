import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { useChromium } from './chromium.ts';
import { cardProviders, expectSignedOut, person, signIn, signInLink } from './console-page.ts';

const chromium = useChromium();

/** Chromium itself writes the status of a refused page into the console. */
const expectRefusal = (status: number) =>
  expect(chromium.takeFaults()).toEqual([expect.stringContaining(String(status))]);

async function cancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('The sign-in did not succeed.').waitFor();
}

test('cancelling at the provider ends on the console, which says why and signs nobody in', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signInLink(page).click();
  const callback = page.waitForResponse((response) => response.url().startsWith(`${gateway.url}/getAToken`));
  await cancel(page);
  expect((await callback).status()).toBe(401);
  expect(await page.getByRole('alert').textContent()).toMatch(/access_denied.*Request ID [\w-]{36}/);
  await expectSignedOut(page);
  expectRefusal(401);

  await signIn(page, 'John Doe');
  expect(await page.getByText('The sign-in did not succeed.').count()).toBe(0);
});

test('the address keeps nothing of the sign-in, so that a reload shows the console', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signInLink(page).click();
  await cancel(page);
  expect(page.url()).toBe(`${gateway.url}/`);
  expectRefusal(401);
  await page.reload();
  await signInLink(page).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('whoever is signed in and cancels a second sign-in still is, with their accounts', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signIn(page, 'John Doe');
  await page.getByRole('link', { name: 'Google', exact: true }).click();
  await cancel(page);
  await page.getByRole('heading', { level: 1, name: 'John Doe' }).waitFor();
  expect(await cardProviders(page)).toEqual(['Microsoft Azure']);
  expectRefusal(401);
});

test('going back into a finished sign-in says that it is over', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  const callback = page.waitForRequest((request) => request.url().startsWith(`${gateway.url}/getAToken`));
  await signIn(page, 'John Doe');
  await page.goto((await callback).url());
  await page.getByText('The sign-in did not succeed.').waitFor();
  await page.getByRole('heading', { level: 1, name: 'John Doe' }).waitFor();
  expectRefusal(400);
});

test('a front end of its own is one click away', async () => {
  await using gateway = await startGateway({ env: { FRONTEND_URL: 'http://localhost:3000' } });
  await using page = await chromium.open(gateway.url);
  await signInLink(page).click();
  await cancel(page);
  const back = page.getByRole('link', { name: 'Back to localhost:3000' });
  expect(await back.getAttribute('href')).toBe('http://localhost:3000');
  expectRefusal(401);
});

test('without JavaScript the reason is there to read', async () => {
  await using gateway = await startGateway();
  const browser = gateway.browser();
  const answer = await browser.fetch('/getAToken?state=old&code=x', {
    headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
  });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('vary')).toContain('Accept');
  expect(await answer.text()).toMatch(/data-code="OAUTH_STATE_INVALID".*<p>[^<]*sign-in[^<]*<\/p>/);
  const program = await browser.fetch('/getAToken?state=old&code=x');
  expect(await program.json()).toMatchObject({ code: 'OAUTH_STATE_INVALID' });
});

test.each([
  ['GET', '/getAToken/more', 404],
  ['GET', '/api/login/azure/more', 404],
  ['POST', '/getAToken', 405],
])('%s %s is no sign-in, and refused as everywhere', async (method, path, status) => {
  await using gateway = await startGateway();
  const answer = await gateway.browser().fetch(path, { method, headers: { accept: 'text/html' } });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: expect.any(String) });
});

test('nothing of a request becomes a part of the page', async () => {
  await using gateway = await startGateway();
  const markup = encodeURIComponent('"><img src=x onerror=alert(1)>');
  const answer = await gateway
    .browser()
    .fetch(`/getAToken?error=${markup}&error_description=${markup}&state=${markup}`, {
      headers: { accept: 'text/html', 'x-request-id': 'x"><b>' },
    });
  expect(answer.status).toBe(400);
  expect(await answer.text()).not.toMatch(/<img src=x|<b>/);
});

test('a person of the sandbox is offered again after a failure', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signInLink(page, 'Google').click();
  await cancel(page);
  await signInLink(page, 'Google').click();
  await person(page, 'Jane Roe').click();
  await page.getByRole('heading', { level: 1, name: 'Jane Roe' }).waitFor();
  expectRefusal(401);
});
