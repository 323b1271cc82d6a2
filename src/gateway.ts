import { createServer, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request, Response } from 'express';
import { createApp, knownPathsOf } from './app.ts';
import { clouds } from './clouds/clouds.ts';
import type { Config } from './config.ts';
import { readManifest } from './config-manifest.ts';
import { type Eventual, when } from './eventual.ts';
import { secretFolder, withSandbox } from './gateway-sandbox.ts';
import { createAdmittedQueries } from './graphql/admitted-queries.ts';
import { createOperationName } from './graphql/operation-metrics.ts';
import { createFindOperation, namesOf, unfitOperations } from './graphql/persisted-operations.ts';
import { createGraphqlServer } from './graphql/server.ts';
import { createHotPath, type HotSession } from './hot-path.ts';
import { createFindQuestion } from './hot-questions.ts';
import { createClientOf } from './http/client-address.ts';
import { clientGone } from './http/client-gone.ts';
import { createIsForeign } from './http/cross-site.ts';
import { securityHeaders } from './http/headers.ts';
import { publicUrlOf } from './http/public-url.ts';
import { createRateCounter } from './http/rate-counter.ts';
import { createRateLimits, windowSeconds } from './http/rate-limits.ts';
import { originForm } from './http/request-target.ts';
import { answerUnreadable } from './http/unreadable-requests.ts';
import { createLog, type Log } from './log.ts';
import { listenOn } from './ops/listening.ts';
import { createObservation } from './ops/observation.ts';
import { createDrain } from './ops/shutdown.ts';
import { legacyFailures } from './rest/legacy-json.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { browserSession } from './session/browser-session.ts';
import { cookiePolicy } from './session/cookies.ts';
import { createLeases } from './session/leases.ts';
import { readOnlySession } from './session/read-only-session.ts';
import { sandboxSecret } from './session/sandbox-secret.ts';
import { createSealing } from './session/sealing.ts';
import { isSignedIn } from './session/session-data.ts';
import { sessionMiddleware } from './session/session-middleware.ts';
import { createSessionRecords, type SessionRecord } from './session/session-records.ts';
import { openSessionStore, type SessionStore } from './session/session-store.ts';
import { createSessionCookieReader } from './session/signed-cookie.ts';
import { createFreshTokens } from './sign-in/fresh-tokens.ts';
import { createPendingSignIns } from './sign-in/pending.ts';
import { startWarnings } from './start-warnings.ts';
import { createViewer, type ViewerOptions } from './viewer.ts';

/**
 * Times are in milliseconds. An idle connection is kept longer than proxies keep theirs, for which a minute is usual:
 * who closes first has to be the one that sends requests, or one of them meets a closed connection. A request has to
 * arrive in its time, or whoever dribbles bytes holds connections for nothing. A missing Host is left to `oneHost`,
 * as Node would answer without a body.
 */
const serverOptions: ServerOptions = {
  keepAliveTimeout: 75_000,
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  requireHostHeader: false,
};

/** How long a client may leave an answer unread, and nothing happen on a connection beside, in milliseconds. */
const unreadMillis = 60_000;

/** The console's own operations, as code generation lists them. */
const consoleManifest = new URL('./console/generated/persisted-documents.json', import.meta.url);

export type Gateway = {
  /** The public URL; with PORT 0 known once it listens. */
  url(): string;
  /** The port that it listens on. */
  port(): number;
  /** Where Prometheus reads metrics; undefined without METRICS_PORT. */
  metricsUrl(): string | undefined;
  /** What is measured; undefined without METRICS_PORT. */
  metricValues(): Promise<unknown[] | undefined>;
  listen(): Promise<void>;
  /**
   * Not ready at once; requests in flight finish, and those that come until nobody has asked for `quietMillis`; then
   * everything that was opened is closed.
   */
  close(quietMillis?: number): Promise<void>;
  /** Waits for nobody: only what is being written is finished, so that the process may end. */
  abandon(): Promise<void>;
  /** The pretend clouds, when this gateway runs against them. */
  sandbox: Sandbox | undefined;
  /** What its parts write to: the process's own events belong there too. */
  log: Log;
};

/** Parts that a test or an embedding program brings itself; what is brought is not closed. */
export type GatewayOverrides = {
  log?: Log;
  store?: SessionStore;
  now?: () => number;
  /** One of several processes, before that sandbox: the metrics are served elsewhere, and one alone warns. */
  worker?: { warns: boolean; sandbox: boolean };
};

/**
 * The composition root: makes every part once and joins them. Nothing listens before `listen`.
 *
 * @throws Error when the store cannot be opened or the sandbox cannot start
 */
export async function createGateway(given: Config, overrides: GatewayOverrides = {}): Promise<Gateway> {
  const log =
    overrides.log ??
    createLog({
      level: given.logLevel,
      secrets: given.secrets,
      besideOthers: overrides.worker !== undefined,
    });
  const { config, sandbox } = given.sandbox
    ? await withSandbox(given, () => sandboxSecret(secretFolder(given)))
    : { config: given, sandbox: undefined };
  const isBeforeSandbox = overrides.worker?.sandbox ?? sandbox !== undefined;
  const secrets = config.sessionSecrets;
  if (!secrets) throw new Error('SESSION_SECRET is missing');

  const now = overrides.now ?? Date.now;
  const observation = await createObservation(config, log, overrides.worker !== undefined);
  const store = observation.store(overrides.store ?? (await openSessionStore(config, { log, now })));
  const limits = { idleMinutes: config.sessionIdleMinutes, absoluteHours: config.sessionAbsoluteHours };
  const sealing = createSealing({ secrets, log });
  const records = createSessionRecords({ store, sealing, limits, now });
  const https = config.appBaseUrl?.startsWith('https:') ?? false;
  const cookies = cookiePolicy(https);
  const session = (req: Request, res: Response) =>
    observation.session(browserSession(req, res, { records, cookies }));

  const open = clouds.flatMap((cloud) => cloud.open(config, { log, watch: observation.upstream, now }) ?? []);
  const providers = open.flatMap(({ signIn }) => signIn ?? []);
  const azure = open.find(({ subscriptions }) => subscriptions)?.subscriptions;
  const aws = open.find(({ roles }) => roles)?.roles;
  const leases = createLeases(store, now);
  const freshTokens = createFreshTokens({ providers, records, leases, log, now });

  const server = createServer(serverOptions);
  server.timeout = unreadMillis + (config.azure?.timeoutMs ?? 0);
  answerUnreadable(server, { log, body: legacyFailures.body });
  const drain = createDrain(server);
  const listeningPort = () => (server.address() as AddressInfo | null)?.port ?? config.port;
  const publicUrl = (host?: string) => publicUrlOf(config.appBaseUrl, listeningPort(), host);
  const corsOrigins = allowedOrigins(config);
  const isForeign = createIsForeign({ allowed: corsOrigins, publicUrl });
  const rateLimits = createRateLimits(
    config.rateLimit ? createRateCounter({ store, windowSeconds, log }) : undefined,
  );

  const mode = config.persistedOperations;
  const operations = [...readManifest(consoleManifest), ...config.frontEndOperations];
  const watch = { names: namesOf(operations), begin: observation.operation };
  const isHot = config.hotPath && !config.tracing;
  const admitted = createAdmittedQueries();
  const graphql = createGraphqlServer({
    introspection: config.introspection,
    isForeign,
    log,
    operations: watch,
    ...(isHot && { admission: admitted.plugin }),
  });
  await graphql.start();

  const viewerOf = (sid: string, parts: Pick<ViewerOptions, 'session' | 'gone' | 'limitAwsConnects'>) =>
    createViewer({
      azure,
      aws,
      freshTokens: (account) => freshTokens.of(sid, account),
      tokenExposure: config.tokenExposure,
      ...parts,
    });
  const signIn = {
    offers: clouds.flatMap(({ signIn }) => signIn ?? []),
    providers,
    pending: createPendingSignIns({ store, sealing, now }),
    cookies,
    session,
    publicUrl: (req: Request) => publicUrl(req.headers.host),
    frontendUrl: config.frontendUrl,
    limitStarts: rateLimits.signIn,
    now,
  };
  const noteRequest = observation.noteRequest(knownPathsOf(signIn));
  const headers = securityHeaders({ https });
  const findOperation = mode === 'off' ? undefined : createFindOperation({ mode, operations, log });

  const app = createApp({
    log,
    traces: observation.traces(knownPathsOf(signIn)),
    noteRequest,
    trustedProxies: config.trustedProxies,
    headers,
    corsOrigins,
    isForeign,
    health: { store, isDraining: drain.isDraining },
    rateLimits,
    session: sessionMiddleware({ records, cookies, secrets }),
    viewer: (req, res, next) => {
      res.locals.viewer ??= viewerOf(req.sessionID, {
        session: session(req, res),
        gone: clientGone(res),
        limitAwsConnects: () => rateLimits.awsConnect(req, res),
      });
      next();
    },
    signIn,
    graphql,
    findOperation,
    console: {
      signIns: providers,
      aws: aws !== undefined,
      landsHere: config.frontendUrl === undefined,
      playground: config.graphqlIde,
    },
  });

  const readCookie = createSessionCookieReader({ name: cookies.sessionName, secrets });
  const hotSession = (sid: string | undefined, record: SessionRecord | undefined): HotSession => ({
    signedInAs: record && isSignedIn(record.data) ? sid : undefined,
    viewer: (gone) => viewerOf(sid ?? '', { session: readOnlySession(record), gone }),
  });
  const readHotSession = (sid: string | undefined): Eventual<HotSession> =>
    when(sid === undefined ? undefined : records.load(sid), (record) => hotSession(sid, record));
  const hotPath = createHotPath({
    log,
    findQuestion: createFindQuestion({
      findAdmitted: admitted.find,
      findOperation,
      operationName: createOperationName(watch.names),
    }),
    headers,
    corsOrigins,
    clientOf: createClientOf(config.trustedProxies),
    rateLimits,
    sessionOf: (cookie) => {
      const owner = readCookie(cookie);
      return owner && readHotSession(owner.sid);
    },
    operations: watch,
    noteRequest,
    ordinary: app,
  });
  server.on('request', (req, res) => {
    req.url = originForm(req.url);
    if (isHot) hotPath(req, res);
    else app(req, res);
  });

  return {
    sandbox,
    log,
    url: () => publicUrl(),
    port: listeningPort,
    metricsUrl: observation.metricsUrl,
    metricValues: observation.metricValues,

    async listen() {
      await observation.listen();
      await listenOn(server, { port: config.port, host: config.host, setting: 'PORT' });
      if (overrides.worker?.warns === false) return;
      for (const id of unfitOperations(config.frontEndOperations))
        log.warn({ id }, 'An operation of a manifest does not fit the schema; generate the manifest anew');
      for (const warning of startWarnings(config, { sandbox: isBeforeSandbox, https })) log.warn(warning);
    },

    async abandon() {
      if (!overrides.store) await store.close();
    },

    async close(quietMillis) {
      await drain.close(quietMillis);
      await freshTokens.settled();
      await graphql.stop();
      if (!overrides.store) await store.close();
      await observation.close();
      await sandbox?.close();
    },
  };
}

/** The pages that may call with the cookie: the listed ones, the front end's, and the gateway's own. */
function allowedOrigins(config: Config): Set<string> {
  const urls = [...config.corsOrigins, config.frontendUrl, config.appBaseUrl].filter(
    (url) => url !== undefined,
  );
  return new Set(urls.map((url) => new URL(url).origin));
}
