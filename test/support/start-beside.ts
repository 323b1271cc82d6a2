import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { Browser } from './browser.ts';
import { hotPathSetting } from './hot-path-setting.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';
import type { TestGateway } from './start-gateway.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export type BesideGateway = AsyncDisposable & { log: MemoryLog; browser(): Browser };

/**
 * A second gateway against the sandbox of the first, configured as for real clouds, with a store and a secret of
 * its own. It goes before the first does:
 *
 *     await using second = await startBeside(gateway, { AWS_SECRET_ACCESS_KEY: 'wrong' });
 */
export async function startBeside(
  { sandbox }: TestGateway,
  env: Record<string, string> = {},
): Promise<BesideGateway> {
  const folder = createTemporaryFolder();
  const config = readConfig({
    ...sandbox.env,
    RATE_LIMIT: 'off',
    AZURE_CACHE_SECONDS: '0',
    ...hotPathSetting,
    PORT: '0',
    SANDBOX: 'off',
    SESSION_SECRET: 'another secret of the tests with 32 characters or more',
    SESSION_STORE: `lmdb:${folder.path}`,
    ...env,
  });
  const log = createMemoryLog();
  const gateway = await createGateway(config, { log: log.log });
  await gateway.listen();
  return {
    log,
    browser: () => new Browser(`http://localhost:${gateway.port()}`),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      folder[Symbol.dispose]();
    },
  };
}
