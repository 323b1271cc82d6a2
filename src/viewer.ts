import type { AwsRoles } from './clouds/aws/roles.ts';
import type { AzureAccount } from './clouds/azure/account.ts';
import type { AzureSubscription, AzureSubscriptions } from './clouds/azure/subscriptions.ts';
import { textOrNull } from './clouds/claims.ts';
import { accountId, type CloudAccount, cloudOf, findAccount, withoutTokens } from './clouds/clouds.ts';
import type { AccountTokens } from './clouds/tokens.ts';
import { GatewayError } from './errors.ts';
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
  azureSubscriptions(): Promise<AzureSubscription[]>;
  /** @throws GatewayError with an AZURE_* code */
  subscriptionsOf(account: AzureAccount): Promise<AzureSubscription[]>;
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
  /** Ends when nobody waits for the answers any more, and with it what is being read from the clouds. */
  signal?: AbortSignal;
  /** Asked for each role before AWS is; rejects when that is one too many. */
  limitAwsConnects?: () => Promise<void>;
};

export function createViewer(options: ViewerOptions): Viewer {
  const { session, azure, aws, freshTokens, tokenExposure, signal, limitAwsConnects } = options;
  const listings = new Map<string, Promise<AzureSubscription[]>>();

  /** One request asks for a tenant once, however many of its fields want the list. */
  function listed(tenantId: string): Promise<AzureSubscription[]> {
    const listing =
      listings.get(tenantId) ??
      (azure ? azure.list(tenantId, signal) : Promise.reject(notConfigured(tenantId)));
    listings.set(tenantId, listing);
    return listing;
  }

  const held = () => session.data().accounts ?? [];
  const accounts = () => held().map(withoutTokens);

  async function shownTokens(inSession: CloudAccount): Promise<ShownTokens> {
    if (tokenExposure === 'none') return hiddenTokens;
    const { access_token = null, refresh_token = null } = await freshTokens(inSession);
    return { access_token, refresh_token };
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

    accounts,

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

    async azureSubscriptions() {
      const tenants = held().filter((account) => account.provider === 'azure');
      const outcomes = await Promise.allSettled(tenants.map((account) => listed(account.tenantId)));
      return outcomes.flatMap((outcome) => {
        if (outcome.status === 'rejected') throw outcome.reason;
        return outcome.value;
      });
    },

    subscriptionsOf: (account) => listed(account.tenantId),

    ...createConnections({ session, aws, signal, limitAwsConnects }),

    async logout() {
      await session.end();
      return { message: 'Wylogowano' };
    },
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
