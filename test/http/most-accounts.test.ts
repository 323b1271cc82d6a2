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

it('a session is not more than 256 kB', async () => {
  await using gateway = await startGateway();
  const browser = gateway.browser();
  await browser.signIn('john');
  const { user = {}, accounts = [] } = await gateway.sessionOf(browser);
  const large = { provider: 'azure' as const, displayName: '', tenantId: 'large', subscriptions: [] };
  const roomForOne = 256 * 1024 - 150; // less than a role takes, with what is written beside the data
  large.displayName = 'x'.repeat(
    roomForOne - JSON.stringify({ user, accounts: [...accounts, large] }).length,
  );
  const full = await gateway.browserWith({ user, accounts: [...accounts, large] });
  expect((await addRole(full, { roleArn: standardRole })).status).toBe(400);
  const { errors } = await full.graphql(
    'mutation ($roleArn: String!) { connectAwsAccount(roleArn: $roleArn) { account { id } } }',
    { roleArn: standardRole },
  );
  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining('256 kB'),
    extensions: { code: 'BAD_REQUEST' },
  });
  expect(await full.json('/api/accounts')).toHaveLength(2);
  await full.graphql('mutation { disconnectAccount(id: "azure:large") { id } }');
  expect((await addRole(full, { roleArn: standardRole })).status).toBe(201);
});

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
