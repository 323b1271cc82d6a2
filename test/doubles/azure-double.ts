import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createEntraDouble } from './entra-double.ts';
import { createHold } from './hold.ts';
import { type Answer, type Cut, createTlsIdentity, type Question, startHttpsServer } from './https-server.ts';
import { createIdTokenSigner, type TokenFlaw } from './id-token.ts';
import { createResourceManagerDouble } from './resource-manager-double.ts';

/** Who comes back from the sign-in. */
export type Person = { tid: string; name: string; email: string };

/** A call that a double received: the authority in its path, and its query or form. */
export type Received = {
  endpoint: 'discovery' | 'keys' | 'authorize' | 'token' | 'subscriptions';
  authority: string;
  values: Record<string, string>;
};

/** What both doubles share, and what a test may change between two requests. */
export type AzureDoubleState = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The tenant behind an authority that is a domain name. */
  readonly homeTenant: string;
  readonly requests: Received[];
  /** Every code and token that was given out: none of them belongs into a log. */
  readonly secrets: string[];
  /** The tenants of the application's own tokens. */
  readonly applicationTokens: Map<string, string>;
  person: Person;
  /** What is wrong with ID tokens from now on. */
  flaw: TokenFlaw | undefined;
  /** Endpoints that answer so, whatever they are asked; `application token` is the token endpoint for the app alone. */
  readonly failing: Map<Received['endpoint'] | 'application token', Answer | Cut>;
  /** How many subscriptions a tenant has. */
  listed: { pages: number; perPage: number };
  /** How long each call takes, in milliseconds. */
  delayMillis: number;
  /** Awaited before subscriptions are answered. */
  beforeListing(): Promise<void>;
  /** Awaited before the application gets a token. */
  beforeApplicationToken(): Promise<void>;
};

export type AzureDouble = AzureDoubleState &
  AsyncDisposable & {
    /** The variables that point a gateway at this double; nothing else does. */
    env: Record<string, string>;
    /** PEM, for a process that follows redirects to the double as a browser does. */
    certificate: string;
    /** How many connections it has taken so far. */
    connections(): { authority: number; resourceManager: number };
    /** Keeps the next listings waiting: `arrived` resolves with the first one, `release` lets all go on. */
    holdListings(): { arrived: Promise<void>; release(): void };
    /** The same of the application's tokens. */
    holdApplicationTokens(): { arrived: Promise<void>; release(): void };
  };

export const ada: Person = {
  tid: 'aaaaaaaa-1111-4111-8111-111111111111',
  name: 'Ada Lovelace',
  email: 'ada@contoso.example',
};

export const twoPages: AzureDoubleState['listed'] = { pages: 2, perPage: 1 };

const noWait = async (): Promise<void> => {};

/**
 * One Azure-like cloud on loopback, by hand, sharing nothing with the product's sandbox: an OpenID provider and
 * Resource Manager, on a port each. `authority` is what AZURE_TENANT_ID says: Ada's tenant, its domain name, or
 * `organizations`.
 * Its certificate is written into `folder`.
 */
export async function startAzureDouble(options: {
  folder: string;
  authority?: string;
}): Promise<AzureDouble> {
  const { folder, authority = ada.tid } = options;
  const state: AzureDoubleState = {
    clientId: 'bbbbbbbb-2222-4222-8222-222222222222',
    clientSecret: 'canary-client-secret',
    homeTenant: ada.tid,
    requests: [],
    secrets: [],
    applicationTokens: new Map(),
    person: ada,
    flaw: undefined,
    failing: new Map(),
    listed: twoPages,
    delayMillis: 0,
    beforeListing: noWait,
    beforeApplicationToken: noWait,
  };
  const [tls, signer] = await Promise.all([createTlsIdentity(), createIdTokenSigner()]);
  const inItsTime =
    <A>(answer: (question: Question) => Promise<A>) =>
    async (question: Question): Promise<A> => {
      if (state.delayMillis > 0) await delay(state.delayMillis);
      return answer(question);
    };
  const entra = await startHttpsServer(tls, inItsTime(createEntraDouble(state, signer)));
  const resourceManager = await startHttpsServer(tls, inItsTime(createResourceManagerDouble(state)));
  const certificateFile = join(folder, 'azure-double.pem');
  writeFileSync(certificateFile, tls.cert);

  return Object.assign(state, {
    certificate: tls.cert,
    connections: () => ({
      authority: entra.connections(),
      resourceManager: resourceManager.connections(),
    }),
    env: {
      AZURE_CLIENT_ID: state.clientId,
      AZURE_CLIENT_SECRET: state.clientSecret,
      AZURE_TENANT_ID: authority,
      AZURE_AUTHORITY_HOST: entra.origin,
      AZURE_RESOURCE_MANAGER_ENDPOINT: resourceManager.origin,
      NODE_EXTRA_CA_CERTS: certificateFile,
    },
    holdListings() {
      const { arrived, wait, release } = createHold();
      state.beforeListing = wait;
      return {
        arrived,
        release() {
          state.beforeListing = noWait;
          release();
        },
      };
    },
    holdApplicationTokens() {
      const { arrived, wait, release } = createHold();
      state.beforeApplicationToken = wait;
      return {
        arrived,
        release() {
          state.beforeApplicationToken = noWait;
          release();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([entra[Symbol.asyncDispose](), resourceManager[Symbol.asyncDispose]()]);
    },
  });
}
