import type { AzureAccount } from './clouds/azure/account.ts';
import type { AzureSubscription, AzureSubscriptions } from './clouds/azure/subscriptions.ts';
import type { CloudAccount } from './clouds/cloud.ts';
import { GatewayError } from './errors.ts';
import type { BrowserSession } from './session/browser-session.ts';
import { isSignedIn } from './session/session-data.ts';

/** Who is signed in. `name` and `email` are null when the provider gave none. */
export type CurrentUser = {
  loggedIn: boolean;
  name: string | null;
  email: string | null;
  sessionExpiresAt: Date | null;
};

/** What one browser's session may see and do. GraphQL and REST are two faces of this; neither knows more. */
export type Viewer = {
  me(): CurrentUser;
  /** The connected accounts, without tokens when those are not to be shown. */
  accounts(): readonly CloudAccount[];
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

/** The part of the session that a viewer needs, so that a test can be without a browser. */
export type ViewerSession = Pick<BrowserSession, 'data' | 'expiresAt' | 'end'>;

export type ViewerOptions = {
  session: ViewerSession;
  /** Undefined when Azure is not configured. */
  azure: AzureSubscriptions | undefined;
  tokenExposure: 'full' | 'none';
};

export function createViewer(options: ViewerOptions): Viewer {
  const { session, azure, tokenExposure } = options;
  const listings = new Map<string, Promise<AzureSubscription[]>>();

  /** One request asks for a tenant once, however many of its fields want the list. */
  function listed(tenantId: string): Promise<AzureSubscription[]> {
    const listing =
      listings.get(tenantId) ?? (azure ? azure.list(tenantId) : Promise.reject(notConfigured(tenantId)));
    listings.set(tenantId, listing);
    return listing;
  }

  const accounts = () => (session.data().accounts ?? []).map((account) => shown(account, tokenExposure));

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

    async azureSubscriptions() {
      const tenants = accounts().filter((account) => account.provider === 'azure');
      const outcomes = await Promise.allSettled(tenants.map((account) => listed(account.tenantId)));
      return outcomes.flatMap((outcome) => {
        if (outcome.status === 'rejected') throw outcome.reason;
        return outcome.value;
      });
    },

    subscriptionsOf: (account) => listed(account.tenantId),

    async logout() {
      await session.end();
      return { message: 'Wylogowano' };
    },
  };
}

const textOrNull = (claim: unknown): string | null =>
  typeof claim === 'string' && claim !== '' ? claim : null;

function shown(account: CloudAccount, tokenExposure: 'full' | 'none'): CloudAccount {
  if (tokenExposure === 'full' || account.provider !== 'gcp') return account;
  return { ...account, access_token: null, refresh_token: null };
}

const notConfigured = (tenantId: string) =>
  new GatewayError(
    'AZURE_UNAVAILABLE',
    `The Azure subscriptions of tenant ${tenantId} cannot be listed: Azure is not configured on this gateway; set AZURE_CLIENT_ID, AZURE_CLIENT_SECRET and AZURE_TENANT_ID`,
    { details: { tenantId } },
  );
