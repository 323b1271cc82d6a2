import { expect, test } from 'vitest';
import { addRole, standardRole as roleArn } from '../support/connect-role.ts';
import { startGateway } from '../support/start-gateway.ts';

test('Azure and Google callbacks and an AWS connect that come at the same moment all land, 200 times', async () => {
  await using gateway = await startGateway();
  for (let round = 0; round < 200; round++) {
    const browser = gateway.browser();
    await browser.signIn('john');
    const azure = await browser.authorize('john');
    const google = await browser.authorize('jane', '/api/login/google');
    const answers = await Promise.all([
      browser.fetch(azure),
      browser.fetch(google),
      addRole(browser, { roleArn }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([302, 302, 201]);
    const accounts = await browser.json<{ provider: string }[]>('/api/accounts');
    expect(accounts.map(({ provider }) => provider).sort()).toEqual(['aws', 'azure', 'gcp']);
  }
}, 120_000);
