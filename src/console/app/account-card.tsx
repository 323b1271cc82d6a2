import { Disconnect } from './disconnect.tsx';
import { useTexts } from './language.tsx';
import { Facts, FailureBox, LoadingLine } from './parts.tsx';
import type { Account } from './session.ts';
import { SubscriptionTable } from './subscription-table.tsx';
import type { Listing } from './subscriptions.ts';
import type { Texts } from './texts-english.ts';

/** The id of the heading of an account's card, which takes the focus when the account is new. */
export const headingId = (accountId: string): string => `account ${accountId}`.replaceAll(' ', '-');

/** One account as a card: what it is, its subscriptions if it has any, and how it is disconnected. */
export function AccountCard(props: {
  account: Account;
  /** Of an Azure account alone. */
  listing: Listing | undefined;
  onRetry(): void;
  onDisconnected(left: Account[]): void;
}) {
  const { account, listing, onRetry, onDisconnected } = props;
  const texts = useTexts();
  const provider = texts.providers[account.provider] ?? account.provider;
  const title = titleOf(account) || texts.accountOf(provider);
  const factsId = `${headingId(account.id)}-facts`;
  return (
    <li className={account.__typename === 'AzureAccount' ? 'card wide' : 'card'}>
      <article>
        <Disconnect
          accountId={account.id}
          name={`${provider}, ${title}`}
          describedBy={factsId}
          onDisconnected={onDisconnected}
        >
          <p className="provider">{provider}</p>
          <h3 id={headingId(account.id)} tabIndex={-1}>
            {title}
          </h3>
        </Disconnect>
        <Facts id={factsId} facts={factsOf(account, texts)} />
        {account.__typename === 'AzureAccount' && (
          <Subscriptions account={account} listing={listing} onRetry={onRetry} />
        )}
      </article>
    </li>
  );
}

const titleOf = (account: Account): string | null | undefined =>
  account.displayName || (account.__typename === 'GcpAccount' ? account.email : undefined);

/** What each kind of account shows below its name. */
function factsOf(account: Account, texts: Texts): [label: string, value: string][] {
  if (account.__typename === 'AzureAccount') return [[texts.tenantId, account.tenantId]];
  if (account.__typename === 'GcpAccount') return account.email ? [[texts.email, account.email]] : [];
  return [
    [texts.accountId, account.accountId],
    [texts.roleArn, account.roleArn],
  ];
}

function Subscriptions(props: {
  account: Account & { __typename: 'AzureAccount' };
  listing: Listing | undefined;
  onRetry(): void;
}) {
  const { account, listing = { state: 'loading' }, onRetry } = props;
  const texts = useTexts();
  switch (listing.state) {
    case 'loading':
      return <LoadingLine text={texts.loadingSubscriptions} />;
    case 'listed':
      return (
        <SubscriptionTable
          caption={texts.subscriptionsOf(account.displayName, account.tenantId)}
          subscriptions={listing.subscriptions}
        />
      );
    case 'failed':
      return (
        <FailureBox failure={listing.failure}>
          <button type="button" className="button secondary" onClick={onRetry}>
            {texts.retry}
          </button>
        </FailureBox>
      );
  }
}
