import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAzureSubscriptions } from '../../src/clouds/azure/subscriptions.ts';
import { readConfig } from '../../src/config.ts';
import { unwatched } from '../../src/upstream.ts';
import { type AzureDouble, ada } from '../doubles/azure-double.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startTrustedAzure } from './trusted-azure.ts';

const started = new AsyncDisposableStack();
let azure: AzureDouble;
beforeAll(async () => {
  const folder = started.use(createTemporaryFolder());
  azure = started.use(await startTrustedAzure({ folder: folder.path, authority: 'organizations' }));
});
afterAll(() => started[Symbol.asyncDispose]());

const tenants = Array.from({ length: 6 }, (_, index) => ada.tid.replace(/^a+/, `${index}`.repeat(8)));

/** Lists as a gateway does that has asked for nothing yet. */
function open() {
  const config = readConfig({
    ...azure.env,
    SANDBOX: 'off',
    SESSION_SECRET: 'secret of the listing with 32 characters or more',
    AZURE_CACHE_SECONDS: '0',
  });
  if (!config.azure) throw new Error('Azure is not configured');
  return createAzureSubscriptions(config.azure, { log: createMemoryLog().log, watch: unwatched });
}

it('listings use the connections of earlier ones, also of other tenants', async () => {
  const { list } = open();
  await list(ada.tid);
  const before = azure.connections();
  for (const tenantId of tenants) await list(tenantId);
  expect(azure.connections()).toEqual(before);
});

it('tenants listed together use a connection each to either server, and others then use those', async () => {
  const { list } = open();
  const asked = (endpoint: string) =>
    azure.requests.filter((request) => request.endpoint === endpoint).length;
  const listTogether = async (tenantIds: string[]) => {
    azure.requests.length = 0;
    const [tokens, listings] = [azure.holdApplicationTokens(), azure.holdListings()];
    const lists = Promise.all(tenantIds.map((tenantId) => list(tenantId)));
    await expect.poll(() => asked('token')).toBe(tenantIds.length);
    tokens.release();
    await expect.poll(() => asked('subscriptions')).toBe(tenantIds.length);
    listings.release();
    await lists;
  };
  const before = azure.connections();
  await listTogether(tenants);
  const after = azure.connections();
  expect(after).toEqual({
    authority: before.authority + tenants.length,
    resourceManager: before.resourceManager + tenants.length,
  });
  await listTogether(tenants.map((tenantId) => tenantId.replace('-1111', '-2222')));
  expect(azure.connections()).toEqual(after);
});

it('of a thousand callers who ask at once a tenant sees one', async () => {
  const { list } = open();
  azure.requests.length = 0;
  const lists = await Promise.all(Array.from({ length: 1000 }, (_, at) => list(tenants[at % 2] ?? '')));
  expect(new Set(lists).size).toBe(2);
  expect(azure.requests.map(({ endpoint, values }) => `${endpoint} ${values.page ?? ''}`).sort()).toEqual(
    ['discovery ', 'subscriptions 1', 'subscriptions 2', 'token '].flatMap((call) => [call, call]),
  );
});
