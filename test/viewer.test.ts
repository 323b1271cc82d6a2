import { expect, it } from 'vitest';
import type { AzureSubscription } from '../src/clouds/azure/subscriptions.ts';
import { accountId } from '../src/clouds/clouds.ts';
import { createViewer, type ViewerOptions } from '../src/viewer.ts';

const subscription = (tenantId: string): AzureSubscription => ({
  provider: 'azure',
  tenantId,
  subscriptionId: `${tenantId}-1`,
  displayName: null,
  state: null,
  asOf: new Date(0),
});

/** What a viewer needs beside the clouds: a session with these tenants. */
function anybody(tenantIds: string[]): ViewerOptions {
  const accounts = tenantIds.map((tenantId) => ({ provider: 'azure' as const, tenantId }));
  return {
    session: {
      data: () => ({ accounts }),
      expiresAt: () => undefined,
      start: async () => {},
      update: async () => true,
      end: async () => {},
    },
    azure: undefined,
    aws: undefined,
    freshTokens: async () => ({}),
    tokenExposure: 'full',
  };
}

const viewerOf = (tenantIds: string[], list: (tenantId: string) => Promise<AzureSubscription[]>) =>
  createViewer({
    ...anybody(tenantIds),
    azure: {
      list: async (tenantId) => ({ subscriptions: await list(tenantId), asOf: new Date(0) }),
    },
  });

it('asks all tenants before any has answered, and answers them in account order', async () => {
  const answers = new Map<string, (subscriptions: AzureSubscription[]) => void>();
  const viewer = viewerOf(
    ['t1', 't2', 't3'],
    (tenantId) => new Promise((resolve) => answers.set(tenantId, resolve)),
  );
  const listed = viewer.azureSubscriptions();
  expect([...answers.keys()]).toEqual(['t1', 't2', 't3']);
  for (const tenantId of ['t3', 't1', 't2']) answers.get(tenantId)?.([subscription(tenantId)]);
  expect((await listed).map(({ tenantId }) => tenantId)).toEqual(['t1', 't2', 't3']);
});

it('fails with the first tenant in account order, whichever failed first in time', async () => {
  const viewer = viewerOf(['t1', 't2'], async (tenantId) => {
    if (tenantId === 't1') await new Promise(setImmediate);
    throw new Error(tenantId);
  });
  await expect(viewer.azureSubscriptions()).rejects.toThrow('t1');
});

it('asks for a tenant once, and once more to refresh it, however many fields want the list', async () => {
  const asked: unknown[] = [];
  const viewer = createViewer({
    ...anybody(['t1', 't2']),
    azure: {
      async list(tenantId, options) {
        asked.push([tenantId, options?.refresh]);
        return { subscriptions: [subscription(tenantId)], asOf: new Date(0) };
      },
    },
  });
  const ofFirst = (refresh?: boolean) =>
    viewer.subscriptionsOf({ provider: 'azure', tenantId: 't1' }, { refresh });
  await Promise.all([viewer.azureSubscriptions(), ofFirst(), ofFirst(false)]);
  await Promise.all([ofFirst(true), ofFirst(true), ofFirst()]);
  expect(asked).toEqual([
    ['t1', false],
    ['t2', false],
    ['t1', true],
  ]);
});

it('asks for the tokens of an account once, however many fields show them', async () => {
  const asked: string[] = [];
  const accounts = ['ada', 'grace'].map((name) => ({
    provider: 'gcp' as const,
    email: name,
    access_token: 'old',
  }));
  const viewer = createViewer({
    ...anybody([]),
    session: { ...anybody([]).session, data: () => ({ accounts }) },
    async freshTokens(account) {
      asked.push(accountId(account));
      return { access_token: `new of ${accountId(account)}` };
    },
  });
  const shown = await Promise.all([...accounts, ...accounts].map((account) => viewer.tokensOf(account)));
  expect(shown.map(({ access_token }) => access_token)).toEqual(
    ['ada', 'grace', 'ada', 'grace'].map((name) => `new of gcp:${name}`),
  );
  await viewer.accountsWithTokens();
  expect(asked).toEqual(['gcp:ada', 'gcp:grace']);
});
