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
  try {
    await gateway.listen();
    for (const path of ['/api/login/azure', '/getAToken']) {
      const answer = await fetch(gateway.url() + path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({
        code: 'NOT_FOUND',
        error: expect.stringMatching(/^Microsoft sign-in is not configured .*AZURE_CLIENT_ID/),
      });
    }
    expect(await (await fetch(`${gateway.url()}/api/user`)).json()).toEqual({ logged_in: false });
    expect(entries().map(({ msg }) => msg)).toContain('No cloud is configured: nobody can sign in');
  } finally {
    await gateway.close();
  }
});
