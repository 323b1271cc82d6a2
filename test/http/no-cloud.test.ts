import { expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

it('a cloud that is not configured is not offered, and the rest works', async () => {
  using folder = createTemporaryFolder();
  const { log, entries } = createMemoryLog();
  const config = readConfig({
    PORT: '0',
    SANDBOX: 'off',
    SESSION_SECRET: 'x'.repeat(32),
    SESSION_STORE: `lmdb:${folder.path}`,
  });
  const gateway = await createGateway(config, { log });
  const ask = (path: string, body?: object) =>
    fetch(gateway.url() + path, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
  try {
    await gateway.listen();
    for (const [path, why] of [
      ['/api/login/azure', /^Microsoft sign-in is not configured .*AZURE_CLIENT_ID/],
      ['/getAToken', /^Microsoft sign-in is not configured .*AZURE_CLIENT_ID/],
      ['/api/login/google', /^Google sign-in is not configured .*GOOGLE_CLIENT_ID/],
      ['/google/callback', /^Google sign-in is not configured .*GOOGLE_CLIENT_ID/],
      ['/api/account/aws/config', /^AWS is not configured .*AWS_ACCOUNT_ID/],
    ] as const) {
      const answer = await ask(path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND', error: expect.stringMatching(why) });
    }
    const added = await ask('/api/account/aws/add', { roleArn: 'arn:aws:iam::987654321098:role/Any' });
    expect(added.status).toBe(404);
    const query = 'mutation { connectAwsAccount(roleArn: "any") { account { id } } }';
    expect(await (await ask('/graphql', { query })).json()).toMatchObject({
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    });
    expect(await (await ask('/api/user')).json()).toEqual({ logged_in: false });
    expect(entries().map(({ msg }) => msg)).toContainEqual(expect.stringMatching(/^Nobody can sign in: /));
  } finally {
    await gateway.close();
  }
});
