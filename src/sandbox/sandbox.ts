import { isIPv4 } from 'node:net';
import { type AzureEnvironment, createAzureSandbox } from './azure/azure-sandbox.ts';
import { createCertificate } from './certificate.ts';
import { type CallCounts, createEndpointGate, type Faults } from './endpoint-gate.ts';
import type { Exchange, Handler } from './exchange.ts';
import { startLoopbackServer } from './loopback-server.ts';
import type { Person, SandboxTenant } from './people.ts';
import { PAGE_STYLE } from './sign-in-page.ts';
import { createSigningKey } from './signing-key.ts';

/** A running pretend outside world. */
export type Sandbox = {
  /** The environment variables (contract, section 4) that point a gateway at this sandbox. */
  env: AzureEnvironment;
  /** PEM of the self-signed certificate that a client has to trust: what NODE_EXTRA_CA_CERTS would name. */
  certificate: string;
  /** How often each endpoint was called. */
  calls: CallCounts;
  /** Tells endpoints to fail, be slow or break off. */
  faults: Faults;
  addTenant(tenant: SandboxTenant): void;
  addPerson(person: Person): void;
  /** Ends the servers and every open connection. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * Starts the sandbox on free ports of this machine. Throws when `nodeEnv` is `production`, where its people
 * without passwords have no place, and for a host that other machines could reach.
 *
 * URLs name 127.0.0.1, which is another site than the gateway's `localhost`, as the real clouds are.
 */
export async function startSandbox(options: {
  nodeEnv?: string | undefined;
  host?: string;
}): Promise<Sandbox> {
  const { nodeEnv, host = '127.0.0.1' } = options;
  if (nodeEnv === 'production') {
    throw new Error(
      'The sandbox does not start with NODE_ENV=production: set SANDBOX=off and configure a cloud',
    );
  }
  if (!isIPv4(host) || !host.startsWith('127.')) {
    throw new Error(`The sandbox listens on loopback addresses (127.x.x.x) only, not on ${host}`);
  }

  const [tls, signingKey] = await Promise.all([createCertificate(host), createSigningKey()]);
  const [pages, identity, resourceManager] = await Promise.all([
    startLoopbackServer(host),
    startLoopbackServer(host, tls),
    startLoopbackServer(host, tls),
  ]);
  const gate = createEndpointGate();
  const azure = createAzureSandbox({
    origins: { signIn: pages.origin, identity: identity.origin, resourceManager: resourceManager.origin },
    signingKey,
    gate,
  });
  pages.serve(withStyle(azure.signIn));
  identity.serve(azure.identity);
  resourceManager.serve(azure.resourceManager);

  async function close(): Promise<void> {
    await Promise.all([pages.close(), identity.close(), resourceManager.close()]);
  }

  return {
    env: azure.env,
    certificate: tls.cert,
    calls: gate.calls,
    faults: gate.faults,
    addTenant: azure.addTenant,
    addPerson: azure.addPerson,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function withStyle(next: Handler): Handler {
  return async (exchange: Exchange) => {
    if (exchange.url.pathname !== '/style.css') return next(exchange);
    exchange.response.writeHead(200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': 'no-store',
    });
    exchange.response.end(PAGE_STYLE);
  };
}
