import { expect, it } from 'vitest';
import { mostAccounts } from '../../src/clouds/clouds.ts';
import { addRole, standardRole } from '../support/connect-role.ts';
import { startGateway } from '../support/start-gateway.ts';

const rolesOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    provider: 'aws' as const,
    displayName: null,
    roleArn: `arn:aws:iam::987654321098:role/Role${at}`,
    externalId: 'x',
    accountId: '987654321098',
  }));

it('a session holds a hundred accounts, and not one more', async () => {
  await using gateway = await startGateway();
  const browser = gateway.browser();
  await browser.signIn('john');
  const { user = {}, accounts = [] } = await gateway.sessionOf(browser);
  const ofJohn = async (count: number) =>
    gateway.browserWith({ user, accounts: [...accounts, ...rolesOf(count - accounts.length)] });

  const full = await ofJohn(mostAccounts);
  const refused = await addRole(full, { roleArn: standardRole });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    code: 'BAD_REQUEST',
    error: expect.stringContaining('disconnect'),
  });
  const link = await full.signIn('john', '/api/login/google');
  expect(link.status).toBe(400);
  expect(await link.json()).toMatchObject({ code: 'BAD_REQUEST' });
  expect(await full.json('/api/accounts')).toHaveLength(mostAccounts);
  expect(await full.json('/api/user')).toMatchObject({ logged_in: true });

  expect((await full.signIn('john')).status).toBe(302); // the same account again takes no place
  const nearlyFull = await ofJohn(mostAccounts - 1);
  expect((await addRole(nearlyFull, { roleArn: standardRole })).status).toBe(201);
  expect(await nearlyFull.json('/api/accounts')).toHaveLength(mostAccounts);
});
