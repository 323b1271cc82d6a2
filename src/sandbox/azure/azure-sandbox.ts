import { randomBytes } from 'node:crypto';
import type { EndpointGate } from '../endpoint-gate.ts';
import type { Handler } from '../exchange.ts';
import { PEOPLE, type Person, SANDBOX_TENANTS, type SandboxTenant } from '../people.ts';
import type { SigningKey } from '../signing-key.ts';
import { createDirectory } from './directory.ts';
import { createIdentityEndpoints } from './identity-endpoints.ts';
import { createResourceManager } from './resource-manager.ts';
import { createSignIn } from './sign-in.ts';
import { createTenantProvider } from './tenant-provider.ts';

/** The environment variables that point a gateway at the pretend Azure (contract, section 4). */
export type AzureEnvironment = Record<
  | 'AZURE_CLIENT_ID'
  | 'AZURE_CLIENT_SECRET'
  | 'AZURE_TENANT_ID'
  | 'AZURE_AUTHORITY_HOST'
  | 'AZURE_RESOURCE_MANAGER_ENDPOINT',
  string
>;

/** The pretend Azure without its servers: one handler for each. */
export type AzureSandbox = {
  env: AzureEnvironment;
  signIn: Handler;
  identity: Handler;
  resourceManager: Handler;
  addTenant(tenant: SandboxTenant): void;
  addPerson(person: Person): void;
};

/** The origins at which the three handlers are served; the sign-in is the one on plain http. */
export type AzureOrigins = { signIn: string; identity: string; resourceManager: string };

/** Entra tenants, their people and Azure Resource Manager, with the tables of `people.ts` filled in. */
export function createAzureSandbox(options: {
  origins: AzureOrigins;
  signingKey: SigningKey;
  gate: EndpointGate;
}): AzureSandbox {
  const { origins, signingKey, gate } = options;
  const app = {
    clientId: '5a4db0c5-0000-4000-8000-000000000001',
    clientSecret: randomBytes(24).toString('base64url'),
  };
  const directory = createDirectory((tenantId, findPerson) =>
    createTenantProvider({ tenantId, origin: origins.identity, app, signingKey, findPerson }),
  );
  for (const tenant of SANDBOX_TENANTS) directory.addTenant(tenant);
  for (const person of PEOPLE) directory.addPerson(person);

  return {
    env: {
      AZURE_CLIENT_ID: app.clientId,
      AZURE_CLIENT_SECRET: app.clientSecret,
      AZURE_TENANT_ID: 'organizations',
      AZURE_AUTHORITY_HOST: origins.identity,
      AZURE_RESOURCE_MANAGER_ENDPOINT: origins.resourceManager,
    },
    signIn: createSignIn({ directory, clientId: app.clientId, gate }),
    identity: createIdentityEndpoints({ directory, signingKey, origins, gate }),
    resourceManager: createResourceManager({ directory, origins, gate }),
    addTenant: directory.addTenant,
    addPerson: directory.addPerson,
  };
}
