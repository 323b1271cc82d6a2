import { readFileSync } from 'node:fs';
import type { Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { useChromium } from './chromium.ts';
import { sandboxRole } from './console-page.ts';
import { buildFrontEnd, type FrontEnd, gatewayEnv } from './documented-front-end.ts';
import {
  accounts,
  openFrontEnd,
  type Site,
  serveFrontEnd,
  signInBy,
  startDocumentedGateway,
  subscriptions,
} from './front-end-scene.ts';

// Each test loads pages a few times, beside other tests that do.
vi.setConfig({ testTimeout: 60_000 });
const variant = 'persisted operations';
const chromium = useChromium();
let frontEnd: FrontEnd;
let site: Site;
let gateway: TestGateway;
beforeAll(async () => {
  await using open = await startGateway();
  frontEnd = await buildFrontEnd({ gatewayUrl: open.url, variant });
  site = await serveFrontEnd(frontEnd.path);
  gateway = await startDocumentedGateway({ variant, frontEnd: frontEnd.path });
}, 240_000);
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
  frontEnd?.[Symbol.dispose]();
});

const ids = () => {
  const { PERSISTED_OPERATIONS_MANIFEST = '' } = gatewayEnv(variant, frontEnd.path);
  return Object.keys(JSON.parse(readFileSync(PERSISTED_OPERATIONS_MANIFEST, 'utf8')) as object);
};
const isOperation = (request: Request) => request.method() === 'POST' && request.url().endsWith('/graphql');

type Sent = { query?: string; documentId?: string; extensions?: { persistedQuery?: { sha256Hash: string } } };

test('a gateway that answers its manifests only answers a page with Apollo Client, which sends ids alone', async () => {
  await using page = await openFrontEnd({ chromium, site, gateway });
  const sent: Sent[] = [];
  page.on('request', (request) => isOperation(request) && sent.push(request.postDataJSON()));
  await signInBy(page, 'Sign in with Microsoft', 'John Doe');
  await subscriptions(page).getByText('Production').waitFor();
  await page.getByLabel('Role ARN').fill(sandboxRole);
  await page.getByRole('button', { name: 'Connect role' }).click();
  await accounts(page).nth(1).waitFor();
  await page.getByRole('button', { name: 'Disconnect' }).last().click();
  await accounts(page).nth(1).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Get Google tokens' }).click();
  await page.getByText('0 fit for use').waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).waitFor();
  expect(sent.map(({ query }) => query).filter(Boolean)).toEqual([]);
  const hashes = sent.map(({ extensions }) => extensions?.persistedQuery?.sha256Hash);
  expect(new Set(hashes)).toEqual(new Set(ids()));
});

test('a gateway that answers its manifests only answers a page with fetch that sends documentId', async () => {
  await using page = await openFrontEnd({ chromium, site, gateway, path: '/plain.html' });
  const shown = page.getByText('Nobody is signed in');
  await shown.waitFor();
  const plain: Sent[] = [];
  page.on('request', (request) => isOperation(request) && plain.push(request.postDataJSON()));
  await page.reload();
  await shown.waitFor();
  expect(plain).toHaveLength(2);
  expect(plain.filter(({ documentId = '', query }) => query || !ids().includes(documentId))).toEqual([]);
});

test('a gateway that answers its manifests only refuses what is in none', async () => {
  const answer = await gateway.browser().graphql('{ me { name } }');
  expect(answer.errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
});

test('a page that sends ids reads a gateway without persisted operations, to which it sends texts then', async () => {
  await using usual = await startDocumentedGateway();
  await using page = await openFrontEnd({ chromium, site, gateway: usual });
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).waitFor();
  const sent: Sent[] = [];
  page.on('request', (request) => isOperation(request) && sent.push(request.postDataJSON()));
  await page.reload();
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).waitFor();
  expect(sent.map(({ query }) => typeof query)).toEqual(['undefined', 'string']);
});
