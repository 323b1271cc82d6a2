import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { createGateway, type GatewayOverrides } from '../../src/gateway.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import { createSessionRecords } from '../../src/session/session-records.ts';
import { openSessionStore } from '../../src/session/session-store.ts';
import { Browser } from './browser.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const secret = 'a secret of the tests with 32 characters or more';

export type TestGateway = AsyncDisposable & {
  url: string;
  sandbox: Sandbox;
  log: MemoryLog;
  /** A browser that has not been here before. */
  browser(): Browser;
  /** A browser whose session holds `data`, whatever a sign-in would have put there. */
  browserWith(data: GatewaySession): Promise<Browser>;
};

/**
 * A whole gateway with its sandbox, on port 0, with a store of its own. `await using` closes it:
 *
 *     await using gateway = await startGateway();
 */
export async function startGateway(
  options: { env?: Record<string, string>; now?: () => number } & GatewayOverrides = {},
): Promise<TestGateway> {
  const { env = {}, ...overrides } = options;
  const folder = createTemporaryFolder();
  const config = readConfig({
    PORT: '0',
    SESSION_STORE: `lmdb:${join(folder.path, 'sessions')}`,
    SESSION_SECRET: secret,
    SANDBOX: 'on',
    ...env,
  });
  const log = createMemoryLog();
  const store = overrides.store ?? (await openSessionStore(config.sessionStore, overrides.now));
  const gateway = await createGateway(config, { log: log.log, ...overrides, store });
  await gateway.listen();
  const url = `http://localhost:${gateway.port()}`;
  const { sandbox } = gateway;
  if (!sandbox) throw new Error('startGateway needs the sandbox');

  const limits = { idleMinutes: config.sessionIdleMinutes, absoluteHours: config.sessionAbsoluteHours };
  const records = createSessionRecords({ store, limits, ...(overrides.now && { now: overrides.now }) });

  return {
    url,
    sandbox,
    log,
    browser: () => new Browser(url),
    async browserWith(data) {
      const sid = randomBytes(24).toString('base64url');
      await records.create(sid, data);
      const browser = new Browser(url);
      await browser.jar.setCookie(`mcm_session=${encodeURIComponent(signed(sid))}`, url);
      return browser;
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await store.close();
      folder[Symbol.dispose]();
    },
  };
}

/** A session id signed as express-session signs it (cookie-signature). */
function signed(sid: string): string {
  const signature = createHmac('sha256', secret).update(sid).digest('base64').replace(/=+$/, '');
  return `s:${sid}.${signature}`;
}
