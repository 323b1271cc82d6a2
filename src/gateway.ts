import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { Request, Response } from 'express';
import { createApp } from './app.ts';
import { clouds } from './clouds/clouds.ts';
import type { Config } from './config.ts';
import { createGraphqlServer } from './graphql/server.ts';
import { publicUrlOf } from './http/public-url.ts';
import { originForm } from './http/request-target.ts';
import { createLog, type Log } from './log.ts';
import { createDrain } from './ops/shutdown.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { browserSession } from './session/browser-session.ts';
import { cookiePolicy } from './session/cookies.ts';
import { createLeases } from './session/leases.ts';
import { sandboxSecret } from './session/sandbox-secret.ts';
import { createSealing } from './session/sealing.ts';
import { sessionMiddleware } from './session/session-middleware.ts';
import { createSessionRecords } from './session/session-records.ts';
import { openSessionStore, type SessionStore } from './session/session-store.ts';
import { createFreshTokens } from './sign-in/fresh-tokens.ts';
import { createPendingSignIns } from './sign-in/pending.ts';
import { startWarnings } from './start-warnings.ts';
import { unwatched } from './upstream.ts';
import { createViewer } from './viewer.ts';

/**
 * How long an idle connection is kept, in milliseconds: longer than proxies keep theirs, for which a minute is usual.
 * Who closes first has to be the one that sends requests, or one of them meets a closed connection.
 */
const keepAliveMillis = 75_000;

export type Gateway = {
  /** The public URL; with PORT 0 known once it listens. */
  url(): string;
  /** The port that it listens on. */
  port(): number;
  listen(): Promise<void>;
  /** Not ready at once; requests in flight finish; then everything that was opened is closed. */
  close(): Promise<void>;
  /** Waits for nobody: only what is being written is finished, so that the process may end. */
  abandon(): Promise<void>;
  /** The pretend clouds, when this gateway runs against them. */
  sandbox: Sandbox | undefined;
};

/** Parts that a test or an embedding program brings itself; what is brought is not closed. */
export type GatewayOverrides = {
  log?: Log;
  store?: SessionStore;
  now?: () => number;
};

/**
 * The composition root: makes every part once and joins them. Nothing listens before `listen`.
 *
 * @throws Error when the store cannot be opened or the sandbox cannot start
 */
export async function createGateway(given: Config, overrides: GatewayOverrides = {}): Promise<Gateway> {
  const log = overrides.log ?? createLog({ level: given.logLevel });
  const { config, sandbox } = given.sandbox
    ? await withSandbox(given)
    : { config: given, sandbox: undefined };
  const secrets = config.sessionSecrets;
  if (!secrets) throw new Error('SESSION_SECRET is missing');

  const now = overrides.now ?? Date.now;
  const store = overrides.store ?? (await openSessionStore(config, { log, now }));
  const limits = { idleMinutes: config.sessionIdleMinutes, absoluteHours: config.sessionAbsoluteHours };
  const sealing = createSealing({ secrets, log });
  const records = createSessionRecords({ store, sealing, limits, now });
  const https = config.appBaseUrl?.startsWith('https:') ?? false;
  const cookies = cookiePolicy(https);
  const session = (req: Request, res: Response) => browserSession(req, res, { records, cookies });

  const open = clouds.flatMap((cloud) => cloud.open(config, { log, watch: unwatched }) ?? []);
  const providers = open.flatMap(({ signIn }) => signIn ?? []);
  const azure = open.find(({ subscriptions }) => subscriptions)?.subscriptions;
  const aws = open.find(({ roles }) => roles)?.roles;
  const leases = createLeases(store, now);
  const freshTokens = createFreshTokens({ providers, records, leases, log, now });

  const graphql = createGraphqlServer({ introspection: config.introspection, log });
  await graphql.start();

  const server = createServer({ keepAliveTimeout: keepAliveMillis });
  const drain = createDrain(server);
  const listeningPort = () => (server.address() as AddressInfo | null)?.port ?? config.port;
  const publicUrl = (req?: Request) => publicUrlOf(config.appBaseUrl, listeningPort(), req?.headers.host);

  const app = createApp({
    log,
    trustedProxies: config.trustedProxies,
    corsOrigins: allowedOrigins(config),
    health: { store, isDraining: drain.isDraining },
    session: sessionMiddleware({ records, cookies, secrets }),
    viewer: (req, res, next) => {
      res.locals.viewer = createViewer({
        session: session(req, res),
        azure,
        aws,
        freshTokens: (account) => freshTokens.of(req.sessionID, account),
        tokenExposure: config.tokenExposure,
      });
      next();
    },
    signIn: {
      offers: clouds.flatMap(({ signIn }) => signIn ?? []),
      providers,
      pending: createPendingSignIns({ store, sealing, now }),
      cookies,
      session,
      publicUrl,
      frontendUrl: config.frontendUrl,
      now,
    },
    graphql,
    console: { signIns: providers, aws: aws !== undefined },
  });
  server.on('request', (req, res) => {
    req.url = originForm(req.url);
    app(req, res);
  });

  return {
    sandbox,
    url: () => publicUrl(),
    port: listeningPort,

    async listen() {
      server.listen(config.port, config.host);
      await once(server, 'listening').catch((cause: unknown) => {
        throw new Error(
          `Port ${config.port} of ${config.host} cannot be listened on; ${mendOfListening(cause)}`,
          { cause },
        );
      });
      for (const warning of startWarnings(config, { sandbox: sandbox !== undefined, https }))
        log.warn(warning);
    },

    async abandon() {
      if (!overrides.store) await store.close();
    },

    async close() {
      await drain.close();
      await freshTokens.settled();
      await graphql.stop();
      if (!overrides.store) await store.close();
      await sandbox?.close();
    },
  };
}

/** Beside which folder the sandbox keeps its secret. */
const secretFolder = ({ sessionStore }: Config): string =>
  sessionStore.kind === 'lmdb' ? sessionStore.path : './data/sessions';

const mendOfListening = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    ? 'stop the program that uses it, or set PORT (0 takes a free one)'
    : 'check PORT and HOST';

/**
 * Starts the sandbox and puts it in the clouds' place, through the same variables that name real ones. Its
 * certificate is trusted by this process alone, as NODE_EXTRA_CA_CERTS would do it.
 */
async function withSandbox(given: Config): Promise<{ config: Config; sandbox: Sandbox }> {
  const { startSandbox } = await import('./sandbox/sandbox.ts').catch((cause: unknown) => {
    throw new Error(
      'The sandbox cannot be loaded: install the development packages too (npm ci), or configure a cloud',
      { cause },
    );
  });
  const sandbox = await startSandbox({
    nodeEnv: given.production ? 'production' : undefined,
    awsExternalId: given.awsExternalId,
  });
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), sandbox.certificate]);
  const secret = given.sessionSecrets?.join(',') ?? sandboxSecret(secretFolder(given));
  return { config: given.with({ ...sandbox.env, SANDBOX: 'off', SESSION_SECRET: secret }), sandbox };
}

/** The pages that may call with the cookie: the listed ones, the front end's, and the gateway's own. */
function allowedOrigins(config: Config): Set<string> {
  const urls = [...config.corsOrigins, config.frontendUrl, config.appBaseUrl].filter(
    (url) => url !== undefined,
  );
  return new Set(urls.map((url) => new URL(url).origin));
}
