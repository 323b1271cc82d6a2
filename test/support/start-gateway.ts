import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { clouds, findAccount } from '../../src/clouds/clouds.ts';
import type { AccountTokens } from '../../src/clouds/tokens.ts';
import { readConfig } from '../../src/config.ts';
import { createGateway, type GatewayOverrides } from '../../src/gateway.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { createLeases } from '../../src/session/leases.ts';
import { createSealing } from '../../src/session/sealing.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import { createSessionRecords } from '../../src/session/session-records.ts';
import { openSessionStore } from '../../src/session/session-store.ts';
import { createFreshTokens } from '../../src/sign-in/fresh-tokens.ts';
import { unwatched } from '../../src/upstream.ts';
import { Browser } from './browser.ts';
import { hotPathSetting } from './hot-path-setting.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';
import { testSecret } from './sealing.ts';
import { sessionCookie, sessionId } from './session-cookie.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export type TestGateway = AsyncDisposable & {
  url: string;
  sandbox: Sandbox;
  log: MemoryLog;
  /** Where Prometheus reads its metrics, with METRICS_PORT=0 in `env`. */
  metricsUrl: string | undefined;
  /** A browser that has not been here before. */
  browser(): Browser;
  /** A browser whose session holds `data`, whatever a sign-in would have put there. */
  browserWith(data: GatewaySession): Promise<Browser>;
  /** What a browser's session holds in the store, tokens and all. */
  sessionOf(browser: Browser): Promise<GatewaySession>;
  /** The tokens of a session's account as a use of them would get them, also of a cloud that shows none. */
  tokensOf(browser: Browser, id: string): Promise<AccountTokens>;
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
    SESSION_SECRET: testSecret,
    SANDBOX: 'on',
    RATE_LIMIT: 'off',
    ...hotPathSetting,
    AZURE_CACHE_SECONDS: '0', // what a test makes Azure answer is answered at once
    ...env,
  });
  const log = createMemoryLog();
  const store = overrides.store ?? (await openSessionStore(config, { log: log.log, now: overrides.now }));
  const gateway = await createGateway(config, { log: log.log, ...overrides, store });
  await gateway.listen();
  const url = `http://localhost:${gateway.port()}`;
  const { sandbox } = gateway;
  if (!sandbox) throw new Error('startGateway needs the sandbox');

  const limits = { idleMinutes: config.sessionIdleMinutes, absoluteHours: config.sessionAbsoluteHours };
  const { now = Date.now } = overrides;
  const sealing = createSealing({ secrets: config.sessionSecrets ?? [testSecret], log: log.log });
  const records = createSessionRecords({ store, sealing, limits, now });
  const configured = config.with({ ...sandbox.env, SANDBOX: 'off' });
  const providers = clouds.flatMap(
    (cloud) => cloud.open(configured, { log: log.log, watch: unwatched })?.signIn ?? [],
  );
  const leases = createLeases(store, now);
  const freshTokens = createFreshTokens({ providers, records, leases, log: log.log, now });

  async function sessionOf(browser: Browser): Promise<GatewaySession> {
    const record = await records.load(sessionId(await browser.cookie('mcm_session')));
    if (!record) throw new Error('The browser has no session');
    return record.data;
  }

  return {
    url,
    sandbox,
    log,
    metricsUrl: gateway.metricsUrl(),
    browser: () => new Browser(url),
    async browserWith(data) {
      const sid = randomBytes(24).toString('base64url');
      await records.create(sid, data);
      const browser = new Browser(url);
      await browser.jar.setCookie(sessionCookie(sid), url);
      return browser;
    },
    sessionOf,
    async tokensOf(browser, id) {
      const account = findAccount((await sessionOf(browser)).accounts ?? [], id);
      if (!account) throw new Error(`The session has no account ${id}`);
      return freshTokens.of(sessionId(await browser.cookie('mcm_session')), account);
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await store.close();
      folder[Symbol.dispose]();
    },
  };
}
