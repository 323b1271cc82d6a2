import { expect, it } from 'vitest';
import type { AzureSubscription } from '../src/clouds/azure/subscriptions.ts';
import { createViewer } from '../src/viewer.ts';

const subscription = (tenantId: string): AzureSubscription => ({
  provider: 'azure',
  tenantId,
  subscriptionId: `${tenantId}-1`,
  displayName: null,
  state: null,
});

function viewerOf(tenantIds: string[], list: (tenantId: string) => Promise<AzureSubscription[]>) {
  const accounts = tenantIds.map((tenantId) => ({ provider: 'azure' as const, tenantId }));
  return createViewer({
    session: {
      data: () => ({ accounts }),
      expiresAt: () => undefined,
      start: async () => {},
      update: async () => true,
      end: async () => {},
    },
    azure: { list },
    aws: undefined,
    freshTokens: async () => ({}),
    tokenExposure: 'full',
  });
}

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
