import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/log.ts';
import { recordKey } from '../../src/session/record-key.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import { createSessionRecords } from '../../src/session/session-records.ts';
import { openSessionStore, type SessionStore } from '../../src/session/session-store.ts';
import { Browser } from './browser.ts';
import { hotPathSetting } from './hot-path-setting.ts';
import { type OutsideOptions, startOutsideThread } from './outside-thread.ts';
import { testSealing, testSecret } from './sealing.ts';
import { sessionCookie } from './session-cookie.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export type Answer = { status: number; setCookies: string[]; body: unknown };

/** One browser's session: its cookie and the key of its record. */
export type BusySession = { cookie: string; key: string };

export type BusyGateway = AsyncDisposable & {
  store: SessionStore;
  browser(): Browser;
  /** A session that holds `data`, without a sign-in. */
  session(data: GatewaySession): Promise<BusySession>;
  /** Asks over a connection that is kept; with a body in JSON it is a POST. */
  ask(cookie: string, path: string, body?: unknown): Promise<Answer>;
  graphql(cookie: string, query: string, variables?: Record<string, unknown>): Promise<Answer>;
};

/**
 * A whole gateway for tests of many thousand requests: they come over connections that are kept, and the clouds are in
 * a thread of their own. `openStore` brings another store than LMDB:
 *
 *     await using gateway = await startBusyGateway({ roleArns: [standardRole], listingMillis: 20 });
 */
export async function startBusyGateway(
  options: OutsideOptions & { openStore?: () => Promise<SessionStore> },
): Promise<BusyGateway> {
  const { openStore, ...ofOutside } = options;
  await using started = new AsyncDisposableStack();
  const folder = started.use(createTemporaryFolder());
  const outside = started.use(await startOutsideThread(ofOutside));
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), outside.certificate]);
  const config = readConfig({
    ...outside.env,
    RATE_LIMIT: 'off',
    AZURE_CACHE_SECONDS: '0',
    ...hotPathSetting,
    PORT: '0',
    SANDBOX: 'off',
    SESSION_SECRET: testSecret,
    SESSION_STORE: `lmdb:${folder.path}`,
  });
  const log = createLog({ level: 'fatal' });
  const store = await (openStore?.() ?? openSessionStore(config, { log }));
  started.defer(() => store.close());
  const gateway = await createGateway(config, { log, store });
  started.defer(() => gateway.close());
  await gateway.listen();

  const limits = { idleMinutes: config.sessionIdleMinutes, absoluteHours: config.sessionAbsoluteHours };
  const records = createSessionRecords({ store, sealing: testSealing, limits });
  const agent = new Agent({ keepAlive: true });
  started.defer(() => agent.destroy());

  async function ask(cookie: string, path: string, body?: unknown): Promise<Answer> {
    const asked = request({
      agent,
      host: '127.0.0.1',
      port: gateway.port(),
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
    });
    const answered = Promise.withResolvers<Answer>();
    asked.once('error', answered.reject);
    asked.once('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      text(response)
        .then((json) => ({ status, setCookies: headers['set-cookie'] ?? [], body: JSON.parse(json) }))
        .then(answered.resolve, answered.reject);
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
    return answered.promise;
  }

  const owned = started.move();
  return {
    store,
    browser: () => new Browser(`http://localhost:${gateway.port()}`),
    async session(data) {
      const sid = randomBytes(24).toString('base64url');
      await records.create(sid, data);
      return { cookie: sessionCookie(sid), key: recordKey('session', sid) };
    },
    ask,
    graphql: (cookie, query, variables) => ask(cookie, '/graphql', { query, variables }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
