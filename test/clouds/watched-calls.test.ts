import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SignInProvider } from '../../src/clouds/cloud.ts';
import { clouds } from '../../src/clouds/clouds.ts';
import { readConfig } from '../../src/config.ts';
import { GatewayError } from '../../src/errors.ts';
import { PEOPLE } from '../../src/sandbox/people.ts';
import { finishSignIn } from '../../src/sign-in/flow.ts';
import { refreshGrant } from '../../src/sign-in/refresh-grant.ts';
import type { WatchUpstream } from '../../src/upstream.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { testSecret } from '../support/sealing.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** All clouds of the sandbox, opened anew, and what the watch upon them has seen: the call, and how it ended. */
function openWatched() {
  const seen: string[] = [];
  const watch: WatchUpstream = async ({ cloud, operation }, work) => {
    try {
      const result = await work();
      seen.push(`${cloud}: ${operation}`);
      return result;
    } catch (error) {
      seen.push(`${cloud}: ${operation}: ${error instanceof GatewayError ? error.code : 'failed'}`);
      throw error;
    }
  };
  const config = readConfig({ ...gateway.sandbox.env, SANDBOX: 'off', SESSION_SECRET: testSecret });
  const open = clouds.flatMap((cloud) => cloud.open(config, { log: createMemoryLog().log, watch }) ?? []);
  return { open, seen };
}

const tenantOf = (persona: string) => PEOPLE.find(({ id }) => id === persona)?.tenantId ?? '';

it('a listing is watched, with the code that it ends with', async () => {
  const { open, seen } = openWatched();
  const subscriptions = open.find((each) => each.subscriptions)?.subscriptions;
  await subscriptions?.list(tenantOf('john'));
  await subscriptions?.list(tenantOf('denied')).catch(() => {});
  expect(seen).toEqual(['azure: list subscriptions', 'azure: list subscriptions: AZURE_FORBIDDEN']);
});

it('the verification of a role is watched as one call', async () => {
  const { open, seen } = openWatched();
  const roles = open.find((each) => each.roles)?.roles;
  await roles?.verified('arn:aws:iam::987654321098:role/Unknown', 'mcm-1').catch(() => {});
  expect(seen).toEqual(['aws: assume role: AWS_ROLE_REFUSED']);
});

/** With a code and a refresh token that nobody gave out. */
async function askAll(provider: SignInProvider): Promise<void> {
  const redirectUri = `http://localhost:5000${provider.callbackPath}`;
  const session = {
    data: () => ({}),
    expiresAt: () => undefined,
    start: async () => {},
    update: async () => true,
    end: async () => {},
  };
  await finishSignIn({
    provider,
    flow: {
      provider: provider.provider,
      nonce: 'n',
      codeVerifier: 'v'.repeat(43),
      redirectUri,
      landing: '/',
      asksConsent: false,
    },
    state: 'state',
    query: 'state=state&code=unknown',
    session,
    now: Date.now,
  }).catch(() => {});
  await refreshGrant(provider, 'unknown', undefined).catch(() => {});
}

it.each(['azure', 'gcp'])(
  'what is asked of the OpenID provider of %s is watched, each call once',
  async (name) => {
    const { open, seen } = openWatched();
    const provider = open.map(({ signIn }) => signIn).find((signIn) => signIn?.provider === name);
    if (!provider) throw new Error(`The sandbox has no provider ${name}`);
    await askAll(provider);
    expect(seen).toEqual([
      `${name}: discover`,
      `${name}: exchange code: failed`,
      `${name}: refresh tokens: failed`,
    ]);
  },
);
