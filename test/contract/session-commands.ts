import fc from 'fast-check';
import type { Account } from '../../src/clouds/cloud.ts';
import {
  accountId,
  type CloudAccount,
  withAccount,
  withoutAccount,
  withTokens,
} from '../../src/clouds/clouds.ts';
import { changeAccounts } from '../../src/clouds/session-accounts.ts';
import { type AccountTokens, deadTokens } from '../../src/clouds/tokens.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import type { ModelAccount, ModelChange, ModelContent } from './session-model.ts';

/** What the browsers of two slots ask for, at either of two nodes, and what happens to all of them. */
export type SessionCommand =
  | ({ kind: 'sign in' | 'load' | 'log out' } & At)
  | ({ kind: 'link'; id: string; isOffline: boolean } & At)
  | ({ kind: 'unlink'; id: string } & At)
  | ({ kind: 'refresh'; id: string; isDead: boolean } & At)
  | { kind: 'idle out' }
  | { kind: 'crash'; node: number };

/** `isOld`: the session that the slot had before this one, which has ended. */
type At = { node: number; slot: number; isOld: boolean };

/** Commands that come at once, `minutes` after the batch before; with `isSignedIn` every slot has a session first. */
export type SessionBatch = { minutes: number; isSignedIn: boolean; commands: SessionCommand[] };

const at = {
  node: fc.nat(1),
  slot: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
  isOld: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
};
/** The first is there from the start, and most is asked about it. */
const id = fc.constantFrom('azure:first', 'azure:first', 'azure:second', 'gcp:ada@example.org', 'aws:role');

const command = (weight: number, arbitrary: fc.Arbitrary<SessionCommand>) => ({ weight, arbitrary });
const plain = (kind: 'sign in' | 'load' | 'log out') => fc.record({ kind: fc.constant(kind), ...at });

const sessionCommand: fc.Arbitrary<SessionCommand> = fc.oneof(
  command(6, fc.record({ kind: fc.constant('link'), id, isOffline: fc.boolean(), ...at })),
  command(3, fc.record({ kind: fc.constant('unlink'), id, ...at })),
  command(4, fc.record({ kind: fc.constant('refresh'), id, isDead: fc.boolean(), ...at })),
  command(4, plain('load')),
  command(3, plain('log out')),
  command(2, plain('sign in')),
  command(1, fc.record({ kind: fc.constant('idle out') })),
  command(2, fc.record({ kind: fc.constant('crash'), node: fc.nat(1) })),
);

export const sessionBatches: fc.Arbitrary<SessionBatch[]> = fc.array(
  fc.record({
    minutes: fc.constantFrom(0, 0, 10, 40, 50, 60),
    isSignedIn: fc.boolean(),
    commands: fc.array(sessionCommand, { minLength: 2, maxLength: 4, size: 'max' }),
  }),
  { minLength: 2, maxLength: 6, size: 'max' },
);

let issued = 0;

/** An account with tokens that nobody has had before; those of AWS have none. */
export function newAccount(id: string, isOffline = true): ModelAccount {
  const hasTokens = !id.startsWith('aws:');
  issued += 1;
  return {
    id,
    access: hasTokens ? `access ${issued}` : null,
    refresh: hasTokens && isOffline ? `refresh ${issued}` : null,
    isDead: false,
  };
}

/** What is left of an account when the provider calls its refresh token dead. */
export const deadAccount = (id: string): ModelAccount => ({ id, access: null, refresh: null, isDead: true });

/** What the product puts into a session at sign-in. */
export const signedInWith = (account: ModelAccount): GatewaySession => ({
  user: { name: 'Ada', iss: 'https://idp.example', sub: 'ada' },
  ...(account.access !== null && { access_token: account.access }),
  accounts: [cloudAccount(account)],
});

/** A change as the product makes it. */
export function changeOf(change: ModelChange): (data: GatewaySession) => GatewaySession {
  const accountsAfter = (accounts: readonly CloudAccount[]): CloudAccount[] => {
    switch (change.kind) {
      case 'link':
        return withAccount(accounts, cloudAccount(change.account));
      case 'unlink':
        return withoutAccount(accounts, change.id);
      case 'refresh':
        return withTokens(accounts, change.id, tokensOf(change.used), tokensOf(change.tokens));
    }
  };
  return (data) => changeAccounts(data, accountsAfter);
}

/** What the model knows of a session's data. */
export const contentOf = ({ access_token, accounts = [] }: GatewaySession): ModelContent => ({
  token: access_token,
  accounts: accounts.map((account) => {
    const { access_token: access = null, refresh_token: refresh = null, reauth_required }: Account = account;
    return { id: accountId(account), access, refresh, isDead: reauth_required === true };
  }),
});

const tokensOf = ({ access, refresh, isDead }: ModelAccount): AccountTokens =>
  isDead ? deadTokens : { access_token: access, refresh_token: refresh, reauth_required: undefined };

function cloudAccount(account: ModelAccount): CloudAccount {
  const [provider, name = ''] = account.id.split(':');
  if (provider === 'aws') return { provider, roleArn: name, externalId: 'of Ada', accountId: '123456789012' };
  const tokens = { access_token: account.access, refresh_token: account.refresh };
  return provider === 'azure'
    ? { provider, tenantId: name, ...tokens }
    : { provider: 'gcp', email: name, ...tokens };
}
