import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type AzureDouble, ada, startAzureDouble } from '../doubles/azure-double.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { trust } from './trusted-clouds.ts';

/**
 * The Azure double, and trust in its certificate by this process too: the tests' browser follows redirects to it.
 * The gateway trusts it by NODE_EXTRA_CA_CERTS.
 */
export async function startTrustedAzure(
  options: Parameters<typeof startAzureDouble>[0],
): Promise<AzureDouble> {
  const azure = await startAzureDouble(options);
  trust(azure.certificate);
  return azure;
}

/** A gateway in production, with the Azure double as its only cloud. */
export type AzureGateway = AsyncDisposable & {
  azure: AzureDouble;
  gateway: GatewayProcess;
  sessionSecret: string;
};

/** `authority` is AZURE_TENANT_ID; everything is logged, for what must not be in a log. */
export async function startAzureGateway(authority: string): Promise<AzureGateway> {
  const sessionSecret = 'canary of the session secret with 32 characters or more';
  await using started = new AsyncDisposableStack();
  const folder = started.use(createTemporaryFolder());
  const azure = started.use(await startTrustedAzure({ folder: folder.path, authority }));
  const gateway = started.use(
    await startGatewayProcess({
      folder: folder.path,
      env: {
        ...azure.env,
        NODE_ENV: 'production',
        TOKEN_EXPOSURE: 'none',
        SESSION_SECRET: sessionSecret,
        LOG_LEVEL: 'trace',
      },
    }),
  );
  const owned = started.move();
  return { azure, gateway, sessionSecret, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Such a gateway for the tests around; before each its Azure forgets the requests, and Ada signs in, flawlessly. */
export function useAzureGateway(authority: string): Omit<AzureGateway, typeof Symbol.asyncDispose> {
  let started: AzureGateway;
  beforeAll(async () => {
    started = await startAzureGateway(authority);
  });
  afterAll(() => started?.[Symbol.asyncDispose]());
  beforeEach(() => {
    started.azure.requests.length = 0;
    started.azure.person = ada;
    started.azure.flaw = undefined;
  });
  return {
    get azure() {
      return started.azure;
    },
    get gateway() {
      return started.gateway;
    },
    get sessionSecret() {
      return started.sessionSecret;
    },
  };
}
