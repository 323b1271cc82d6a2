import tls from 'node:tls';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type AzureDouble, ada, startAzureDouble, twoPages } from '../doubles/azure-double.ts';
import { type GoogleDouble, hedy, startGoogleDouble } from '../doubles/google-double.ts';
import { type StsDouble, startStsDouble } from '../doubles/sts-double.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';

/** Trust in a certificate (PEM) by this process: the tests' browser follows redirects to the doubles. */
export function trust(certificate: string): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate]);
}

/** The doubles of all three clouds, one gateway in production before them, and what it may never show. */
export type CloudsGateway = AsyncDisposable & {
  azure: AzureDouble;
  google: GoogleDouble;
  sts: StsDouble;
  sessionSecret: string;
  /** The latest of its processes. */
  gateway(): GatewayProcess;
  /** kill -9, and another process on the same store, at another port. */
  restart(): Promise<void>;
  /** What all of its processes have written. */
  output(): string;
};

/** `env` has to say TOKEN_EXPOSURE; everything is logged, for what must not be in a log. */
export async function startCloudsGateway(
  env: Record<string, string> & { TOKEN_EXPOSURE: 'full' | 'none' },
): Promise<CloudsGateway> {
  const sessionSecret = 'canary of the session secret with 32 characters or more';
  await using started = new AsyncDisposableStack();
  const folder = started.use(createTemporaryFolder());
  const azure = started.use(await startAzureDouble({ folder: folder.path }));
  const google = started.use(
    await startGoogleDouble({ folder: folder.path, alsoTrusted: azure.certificate }),
  );
  const sts = started.use(await startStsDouble());
  trust(azure.certificate);
  trust(google.certificate);

  const launch = {
    folder: folder.path,
    env: {
      ...azure.env,
      ...sts.env,
      ...google.env,
      NODE_ENV: 'production',
      SESSION_SECRET: sessionSecret,
      LOG_LEVEL: 'trace',
      ...env,
    },
  };
  let gateway = await startGatewayProcess(launch);
  started.defer(() => gateway[Symbol.asyncDispose]());
  const outputsBefore: string[] = [];
  const owned = started.move();
  return {
    azure,
    google,
    sts,
    sessionSecret,
    gateway: () => gateway,
    async restart() {
      gateway.signal('SIGKILL');
      await gateway.ended;
      outputsBefore.push(gateway.output());
      gateway = await startGatewayProcess(launch);
    },
    output: () => [...outputsBefore, gateway.output()].join('\n'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * Which secrets of the doubles and of the gateway, and which of `more`, a text holds, be it in one of the encodings
 * that they travel in.
 */
export function leaksIn(
  text: string,
  of: Pick<CloudsGateway, 'azure' | 'google' | 'sts' | 'sessionSecret'>,
  more: string[] = [],
): string[] {
  const { azure, google, sts, sessionSecret } = of;
  const clients = [azure, google].flatMap(({ clientId, clientSecret }) => [
    clientSecret,
    Buffer.from(`${clientId}:${clientSecret}`).toString('base64'),
  ]);
  const issued = [azure, google, sts].flatMap(({ secrets }) => secrets);
  const own = [sessionSecret, sts.env.AWS_SECRET_ACCESS_KEY ?? '', ...clients];
  return [...own, ...issued, ...more].filter((secret) =>
    [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '')].some(
      (form) => text.includes(form),
    ),
  );
}

/** Such a gateway for the tests around; before each its doubles are as they were at the start, and have seen nothing. */
export function useCloudsGateway(env: Parameters<typeof startCloudsGateway>[0]): Omit<
  CloudsGateway,
  typeof Symbol.asyncDispose | 'gateway'
> & {
  readonly url: string;
  readonly pid: number;
} {
  let started: CloudsGateway;
  beforeAll(async () => {
    started = await startCloudsGateway(env);
  });
  afterAll(() => started?.[Symbol.asyncDispose]());
  beforeEach(() => resetDoubles(started));
  return {
    get azure() {
      return started.azure;
    },
    get google() {
      return started.google;
    },
    get sts() {
      return started.sts;
    },
    get url() {
      return started.gateway().url;
    },
    get pid() {
      return started.gateway().pid;
    },
    get sessionSecret() {
      return started.sessionSecret;
    },
    restart: () => started.restart(),
    output: () => started.output(),
  };
}

/** What they gave out stays known: none of it may ever be seen. */
function resetDoubles({ azure, google, sts }: CloudsGateway): void {
  azure.requests.length = 0;
  azure.failing.clear();
  Object.assign(azure, {
    person: ada,
    flaw: undefined,
    listed: twoPages,
    beforeListing: async () => {},
    beforeApplicationToken: async () => {},
  } satisfies Partial<AzureDouble>);
  google.requests.length = 0;
  google.failing.clear();
  Object.assign(google, {
    person: hedy,
    flaw: undefined,
    expiresInSeconds: { first: 3599, refreshed: 3599 },
    omitRefreshToken: false,
    refreshFailure: undefined,
    refreshCalls: 0,
    reuses: 0,
    beforeRefresh: async () => {},
  } satisfies Partial<GoogleDouble>);
  google.accessTokens.clear();
  sts.requests.length = 0;
  sts.failure = undefined;
}
