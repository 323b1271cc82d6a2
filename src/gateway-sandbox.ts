import tls from 'node:tls';
import type { Config } from './config.ts';
import type { Sandbox } from './sandbox/sandbox.ts';

/** Beside which folder the sandbox keeps its secret. */
export const secretFolder = ({ sessionStore }: Config): string =>
  sessionStore.kind === 'lmdb' ? sessionStore.path : './data/sessions';

/**
 * Starts the sandbox and puts it in the clouds' place, through the same variables that name real ones. Its
 * certificate is trusted by this process alone, as NODE_EXTRA_CA_CERTS would do it. `makeSecret` is asked for the
 * session secret where none is set.
 *
 * @throws Error when the sandbox is not installed, or refuses to start
 */
export async function withSandbox(
  given: Config,
  makeSecret: () => string,
): Promise<{ config: Config; sandbox: Sandbox }> {
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
  const secret = given.sessionSecrets?.join(',') ?? makeSecret();
  return { config: given.with({ ...sandbox.env, SANDBOX: 'off', SESSION_SECRET: secret }), sandbox };
}
