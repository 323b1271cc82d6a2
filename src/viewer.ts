import type { AwsRoles } from './clouds/aws/roles.ts';
import type { AzureAccount } from './clouds/azure/account.ts';
import type { AzureSubscription, AzureSubscriptions } from './clouds/azure/subscriptions.ts';
import { textOrNull } from './clouds/claims.ts';
import {
  accountId,
  allWithoutTokens,
  type CloudAccount,
  cloudOf,
  findAccount,
  withoutTokens,
} from './clouds/clouds.ts';
import type { AccountTokens } from './clouds/tokens.ts';
import { type ErrorCode, GatewayError } from './errors.ts';
import { isSignedIn } from './session/session-data.ts';
import { type Connections, createConnections, type ViewerSession } from './viewer-connections.ts';

export type { AwsTrust } from './viewer-connections.ts';

/** Who is signed in. `name` and `email` are null when the provider gave none. */
export type CurrentUser = {
  loggedIn: boolean;
  name: string | null;
  email: string | null;
  sessionExpiresAt: Date | null;
};

/** Tokens as they are shown: null when there are none, or when they are not to be shown. */
export type ShownTokens = { access_token: string | null; refresh_token: string | null };

/** A tenant whose list is an older one, complete at `asOf`, because a later listing failed with `code`. */
export type StaleListing = { tenantId: string; asOf: Date; code: ErrorCode };

/** With `refresh` Azure is asked, whatever was listed before. */
export type ListingOptions = { refresh?: boolean | null | undefined };

/** What one browser's session may see and do. GraphQL and REST are two faces of this; neither knows more. */
export type Viewer = Connections & {
  me(): CurrentUser;
  /** The connected accounts, without their tokens. */
  accounts(): readonly CloudAccount[];
  /**
   * The connected accounts as the original answered them: those of Google with their tokens. An account that has to
   * be signed in to again has null in their place, and the others go on.
   */
  accountsWithTokens(): Promise<readonly CloudAccount[]>;
  /**
   * The tokens of one account, fit for use.
   *
   * @throws GatewayError REAUTH_REQUIRED when only another sign-in with the account helps
   */
  tokensOf(account: CloudAccount): Promise<ShownTokens>;
  /**
   * The subscriptions of all Azure accounts, tenants in account order.
   *
   * @throws GatewayError of the first tenant that failed
   */
  azureSubscriptions(options?: ListingOptions): Promise<AzureSubscription[]>;
  /** @throws GatewayError with an AZURE_* code */
  subscriptionsOf(account: AzureAccount, options?: ListingOptions): Promise<readonly AzureSubscription[]>;
  /** The tenants whose list, as far as it was asked for until now, is stale. */
  staleListings(): StaleListing[];
  logout(): Promise<{ message: string }>;
};

export type ViewerOptions = {
  session: ViewerSession;
  /** Undefined when Azure is not configured. */
  azure: AzureSubscriptions | undefined;
  /** Undefined when AWS is not configured. */
  aws: AwsRoles | undefined;
  /** The tokens of one of the session's accounts, refreshed when that is due. */
  freshTokens(account: CloudAccount): Promise<AccountTokens>;
  tokenExposure: 'full' | 'none';
  /** A signal that ends when nobody waits for the answers any more, and with it what is being read from the clouds. */
  gone?: () => AbortSignal;
  /** Asked for each role before AWS is; rejects when that is one too many. */
  limitAwsConnects?: () => Promise<void>;
};

export function createViewer(options: ViewerOptions): Viewer {
  const { session, azure, aws, freshTokens, tokenExposure, gone, limitAwsConnects } = options;
  let stale: Map<string, StaleListing> | undefined;
  let connections: Connections | undefined;
  const lists = createAskedOnce<readonly AzureSubscription[]>();
  const refreshedLists = createAskedOnce<readonly AzureSubscription[]>();
  const tokens = createAskedOnce<AccountTokens>();

  const subscriptionsOf = (tenantId: string, refresh: boolean) =>
    (refresh ? refreshedLists : lists)(tenantId, () => listed(tenantId, refresh));

  async function listed(tenantId: string, refresh: boolean): Promise<readonly AzureSubscription[]> {
    if (!azure) throw notConfigured(tenantId);
    const { subscriptions, asOf, stale: failed } = await azure.list(tenantId, { gone: gone?.(), refresh });
    if (failed) {
      stale ??= new Map();
      stale.set(tenantId, { tenantId, asOf, code: failed.code });
    }
    return subscriptions;
  }

  const held = () => session.data().accounts ?? [];

  async function shownTokens(inSession: CloudAccount): Promise<ShownTokens> {
    if (tokenExposure === 'none') return hiddenTokens;
    const fresh = await tokens(accountId(inSession), () => freshTokens(inSession));
    const { access_token = null, refresh_token = null } = fresh;
    return { access_token, refresh_token };
  }

  /** Made when it is wanted, as most requests only read; for the whole request, as it counts. */
  function changing(): Connections {
    connections ??= createConnections({ session, aws, gone, limitAwsConnects });
    return connections;
  }

  return {
    me() {
      const { user } = session.data();
      const loggedIn = isSignedIn(session.data());
      return {
        loggedIn,
        name: textOrNull(user?.name),
        email: textOrNull(user?.email),
        sessionExpiresAt: loggedIn ? (session.expiresAt() ?? null) : null,
      };
    },

    accounts: () => allWithoutTokens(held()),

    async tokensOf(account) {
      const inSession = findAccount(held(), accountId(account));
      return inSession && showsTokens(inSession) ? shownTokens(inSession) : hiddenTokens;
    },

    accountsWithTokens() {
      return Promise.all(
        held().map(async (account) => {
          if (!showsTokens(account)) return withoutTokens(account);
          return { ...account, ...(await shownTokens(account).catch(noTokensUntilReauth)) };
        }),
      );
    },

    async azureSubscriptions({ refresh } = {}) {
      const tenants = held().filter((account) => account.provider === 'azure');
      const outcomes = await Promise.allSettled(
        tenants.map((account) => subscriptionsOf(account.tenantId, refresh ?? false)),
      );
      return outcomes.flatMap((outcome) => {
        if (outcome.status === 'rejected') throw outcome.reason;
        return outcome.value;
      });
    },

    subscriptionsOf: (account, { refresh } = {}) => subscriptionsOf(account.tenantId, refresh ?? false),

    staleListings: () => (stale ? [...stale.values()] : []),

    awsTrust: () => changing().awsTrust(),
    connectAwsAccount: (roleArn) => changing().connectAwsAccount(roleArn),
    disconnectAccount: (id) => changing().disconnectAccount(id),

    async logout() {
      await session.end();
      return { message: 'Wylogowano' };
    },
  };
}

/** Under each name it asks once, however many fields of a request want what is answered. */
function createAskedOnce<T>() {
  let asked: Map<string, Promise<T>> | undefined;
  return (name: string, ask: () => Promise<T>): Promise<T> => {
    asked ??= new Map();
    const answer = asked.get(name) ?? ask();
    asked.set(name, answer);
    return answer;
  };
}

/** Whether the contract shows the tokens of this account, and it was connected with any. */
const showsTokens = (account: CloudAccount): boolean =>
  cloudOf(account).restKeys.some((key) => key === 'access_token') && 'access_token' in account;

const hiddenTokens: ShownTokens = { access_token: null, refresh_token: null };

function noTokensUntilReauth(error: unknown): ShownTokens {
  if (error instanceof GatewayError && error.code === 'REAUTH_REQUIRED') return hiddenTokens;
  throw error;
}

const notConfigured = (tenantId: string) =>
  new GatewayError(
    'AZURE_UNAVAILABLE',
    `The Azure subscriptions of tenant ${tenantId} cannot be listed: Azure is not configured on this gateway; set AZURE_CLIENT_ID, AZURE_CLIENT_SECRET and AZURE_TENANT_ID`,
    { details: { tenantId } },
  );
