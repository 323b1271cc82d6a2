import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { screenshot, useChromium } from './chromium.ts';
import { person, sidewaysOverflow, signInLink } from './console-page.ts';

const chromium = useChromium();

test('a Polish browser is spoken to in Polish, with its plurals and dates', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url, { locale: 'pl-PL' });
  await page.getByRole('link', { name: 'Zaloguj się przez Microsoft' }).click();
  await person(page, 'John Doe').click();
  await page.getByText('2 subskrypcje', { exact: true }).waitFor();
  expect(await page.evaluate('document.documentElement.lang')).toBe('pl');
  expect(await page.title()).toBe('Brama sesji wielu chmur');
  expect(await page.getByText('Sesja ważna do').textContent()).toMatch(/\d+ \p{L}+ \d{4}, \d\d:\d\d/u);
  expect(await page.getByRole('cell', { name: 'Włączona' }).count()).toBe(2);
  await page.setViewportSize({ width: 320, height: 800 });
  expect(await sidewaysOverflow(page)).toBe(0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await screenshot(page, 'console-polish');
});

test('what the gateway says of a failure is told in Polish, and kept in its own words', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url, { locale: 'pl-PL' });
  await page.getByRole('link', { name: 'Zaloguj się przez Microsoft' }).click();
  await person(page, 'Dennis Denied').click();
  const card = page.getByRole('article');
  await card.getByText('Aplikacja nie może wyświetlić subskrypcji tej dzierżawy.').waitFor();
  expect(await card.locator('[lang=en]').textContent()).toContain('give it the Reader role');
  await card.getByRole('button', { name: 'Ponów' }).waitFor();
});

test('the language is chosen on the page, at once and for the next visit', async () => {
  await using gateway = await startGateway();
  await using page = await chromium.open(gateway.url);
  await signInLink(page).waitFor();
  await page.getByRole('button', { name: 'Polski' }).click();
  await page.getByRole('heading', { name: 'Jedna sesja dla wszystkich chmur' }).waitFor();
  expect(await page.getByRole('button', { name: 'Polski' }).getAttribute('aria-pressed')).toBe('true');
  await page.reload();
  await page.getByRole('link', { name: 'Zaloguj się przez Google' }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await signInLink(page, 'Google').waitFor();
});
