import { setTimeout as delay } from 'node:timers/promises';
import type { Account, SignInProvider } from '../clouds/cloud.ts';
import { accountId, type CloudAccount, findAccount, withTokens } from '../clouds/clouds.ts';
import { changeAccounts } from '../clouds/session-accounts.ts';
import { type AccountTokens, deadTokens, isDue, isExpired, tokensOf } from '../clouds/tokens.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Leases } from '../session/leases.ts';
import type { GatewaySession } from '../session/session-data.ts';
import type { SessionRecord, SessionRecords } from '../session/session-records.ts';
import { isDeadToken, refreshGrant } from './refresh-grant.ts';

export type FreshTokens = {
  /**
   * The tokens of an account, fit to be handed out or used: refreshed before when they are about to expire. When
   * the provider cannot be asked just now, or the store takes no changes, they are handed out as they are, as long as
   * they are good.
   *
   * @throws GatewayError REAUTH_REQUIRED when only another sign-in with the account helps
   */
  of(sid: string, account: CloudAccount): Promise<AccountTokens>;
  /** Resolves when the refreshes under way are done: a stop in the middle of one would lose its tokens. */
  settled(): Promise<void>;
};

/**
 * Keeps the tokens of sessions fresh (RFC 6749, section 6).
 *
 * However many requests ask at once, a session's account is refreshed once: a refresh token may be good for one use
 * only, and a provider that sees it twice takes it for stolen (RFC 9700, section 4.14.2). In this process they share
 * the refresh under way, and a lease keeps other processes out. Refreshes are told apart by session and account,
 * never by account alone: another session's tokens are another person's.
 */
export function createFreshTokens(options: {
  providers: readonly SignInProvider[];
  records: SessionRecords;
  leases: Leases;
  log: Log;
  now: () => number;
}): FreshTokens {
  const { providers, records, leases, log, now } = options;
  const underWay = new Map<string, Promise<AccountTokens>>();

  return {
    async of(sid, account) {
      const tokens: Account = account;
      if (!tokens.reauth_required && !isDue(tokens, now())) return tokens;
      const key = JSON.stringify([sid, accountId(account)]);
      const started = underWay.get(key);
      if (started) return started;
      const refreshing = leases
        .during(`refresh ${key}`, () => refreshed(sid, accountId(account)))
        .catch((error) => stillGood(sid, accountId(account), error))
        .finally(() => underWay.delete(key));
      underWay.set(key, refreshing);
      return refreshing;
    },

    async settled() {
      await Promise.allSettled(underWay.values());
    },
  };

  /** A store that takes no changes (a full disk) can be read: what it has is handed out while it is good. */
  async function stillGood(sid: string, id: string, error: unknown): Promise<AccountTokens> {
    if (!(error instanceof GatewayError) || error.code !== 'SESSION_STORE_UNAVAILABLE') throw error;
    const held = accountIn(await records.load(sid), id);
    if (held && (held.reauth_required || isExpired(held, now()))) throw error;
    return held ?? {};
  }

  /** The record is read again: the request may have read it before the last refresh. */
  async function refreshed(sid: string, id: string): Promise<AccountTokens> {
    const held = accountIn(await records.load(sid), id);
    if (!held) return {};
    if (held.reauth_required) throw reauthRequired(held);
    if (!isDue(held, now())) return held;
    const provider = providers.find((candidate) => candidate.provider === held.provider);
    if (!held.refresh_token || !provider) {
      if (isExpired(held, now())) throw reauthRequired(held);
      return held;
    }
    const outcome = await askForTokens(provider, held.refresh_token, held.subject);
    // Meanwhile the account may have been signed in to again, disconnected or signed out.
    const account =
      outcome === 'unknown' ? accountIn(await records.load(sid), id) : await saved(sid, id, held, outcome);
    if (account?.reauth_required) throw reauthRequired(account);
    return account ?? {};
  }

  /** The new tokens, or `unknown` where the provider did not give a clear answer. */
  async function askForTokens(
    provider: SignInProvider,
    refreshToken: string,
    subject: string | undefined,
  ): Promise<AccountTokens | 'unknown'> {
    try {
      const answer = await refreshGrant(provider, refreshToken, subject);
      return tokensOf({ ...answer, refresh_token: answer.refresh_token ?? refreshToken }, now());
    } catch (err) {
      const isDead = isDeadToken(err);
      const message = isDead
        ? 'A refresh token is dead'
        : 'Tokens could not be refreshed; nothing was changed';
      log.warn({ err, provider: provider.provider }, message);
      return isDead ? deadTokens : 'unknown';
    }
  }

  /**
   * Puts tokens into the session, and gives those that the account has in the end: others than these, when it was
   * signed in to or refreshed elsewhere meanwhile. The used refresh token may be good for nothing any more, so a
   * store that does not take the new one at once is asked again.
   */
  async function saved(
    sid: string,
    id: string,
    used: AccountTokens,
    tokens: AccountTokens,
  ): Promise<Account | undefined> {
    const change = (data: GatewaySession) =>
      changeAccounts(data, (accounts) => withTokens(accounts, id, used, tokens));
    for (const pauseMillis of savingPausesMillis) {
      try {
        return accountIn(await records.update(sid, change), id);
      } catch (err) {
        log.warn({ err }, 'Refreshed tokens could not be saved; trying again');
        await delay(pauseMillis);
      }
    }
    return accountIn(await records.update(sid, change), id);
  }
}

/** How long to wait before each further attempt at saving tokens, in milliseconds. */
const savingPausesMillis = [100, 300, 1000, 2000];

const accountIn = (record: SessionRecord | undefined, id: string): Account | undefined =>
  findAccount(record?.data.accounts ?? [], id);

const reauthRequired = ({ provider }: Account) =>
  new GatewayError(
    'REAUTH_REQUIRED',
    `The tokens of this ${provider} account have expired or were revoked; sign in with it again`,
  );
