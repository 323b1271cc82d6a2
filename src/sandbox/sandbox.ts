import { isIPv4 } from 'node:net';
import { type AwsEnvironment, createAwsSandbox } from './aws/aws-sandbox.ts';
import type { SandboxRole } from './aws/roles.ts';
import type { AwsRequest } from './aws/sts.ts';
import { type AzureEnvironment, createAzureSandbox } from './azure/azure-sandbox.ts';
import { createCertificate } from './certificate.ts';
import { type CallCounts, createEndpointGate, type Faults } from './endpoint-gate.ts';
import type { Exchange, Handler } from './exchange.ts';
import { createGoogleSandbox, type GoogleEnvironment } from './google/google-sandbox.ts';
import { startLoopbackServer } from './loopback-server.ts';
import type { GooglePerson, Person, SandboxTenant } from './people.ts';
import { PAGE_STYLE } from './sign-in-page.ts';
import { createSigningKey } from './signing-key.ts';

/** A running pretend outside world. */
export type Sandbox = {
  /** The environment variables (contract, section 4) that point a gateway at this sandbox. */
  env: AzureEnvironment & GoogleEnvironment & AwsEnvironment;
  /** PEM of the self-signed certificate that a client has to trust: what NODE_EXTRA_CA_CERTS would name. */
  certificate: string;
  /** How often each endpoint was called. */
  calls: CallCounts;
  /** Tells endpoints to fail, be slow or break off. */
  faults: Faults;
  /** What AWS STS was asked for, oldest first; a test may empty it. */
  awsRequests: AwsRequest[];
  addTenant(tenant: SandboxTenant): void;
  addPerson(person: Person): void;
  addGooglePerson(person: GooglePerson): void;
  /** Adds a role that AWS STS lets the gateway's user assume. */
  addAwsRole(role: SandboxRole): void;
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
  /** The one external id of a gateway that shows every user the same; without it, each has their own. */
  awsExternalId?: string | undefined;
}): Promise<Sandbox> {
  const { nodeEnv, host = '127.0.0.1', awsExternalId } = options;
  if (nodeEnv === 'production') {
    throw new Error(
      'The sandbox does not start with NODE_ENV=production: set SANDBOX=off and configure a cloud',
    );
  }
  if (!isIPv4(host) || !host.startsWith('127.')) {
    throw new Error(`The sandbox listens on loopback addresses (127.x.x.x) only, not on ${host}`);
  }

  const [tls, signingKey, googleKey] = await Promise.all([
    createCertificate(host),
    createSigningKey(),
    createSigningKey(),
  ]);
  const [pages, identity, resourceManager, sts, googlePages, googleIdentity] = await Promise.all([
    startLoopbackServer(host),
    startLoopbackServer(host, tls),
    startLoopbackServer(host, tls),
    startLoopbackServer(host, tls),
    startLoopbackServer(host),
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
  const google = createGoogleSandbox({
    origins: { signIn: googlePages.origin, identity: googleIdentity.origin },
    signingKey: googleKey,
    gate,
  });
  googlePages.serve(withStyle(google.signIn));
  googleIdentity.serve(google.identity);
  const aws = createAwsSandbox({ origin: sts.origin, gate, constantExternalId: awsExternalId });
  sts.serve(aws.sts);

  async function close(): Promise<void> {
    const servers = [pages, identity, resourceManager, sts, googlePages, googleIdentity];
    await Promise.all(servers.map((server) => server.close()));
  }

  return {
    env: { ...azure.env, ...google.env, ...aws.env },
    certificate: tls.cert,
    calls: gate.calls,
    faults: gate.faults,
    awsRequests: aws.requests,
    addTenant: azure.addTenant,
    addPerson: azure.addPerson,
    addGooglePerson: google.addPerson,
    addAwsRole: aws.addRole,
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
