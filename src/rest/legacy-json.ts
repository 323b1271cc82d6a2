import type { AwsAccount } from '../clouds/aws/account.ts';
import type { AzureSubscription } from '../clouds/azure/subscriptions.ts';
import { type CloudAccount, cloudOf } from '../clouds/clouds.ts';
import type { FailureForm } from '../http/failures.ts';
import type { AwsTrust, CurrentUser } from '../viewer.ts';

/*
 * The shapes that the original application answered; the only place that knows them. Exactly the documented keys,
 * whatever else a session holds.
 */

/** `GET /api/user` */
export const legacyUser = (me: CurrentUser) =>
  me.loggedIn ? { logged_in: true, name: me.name } : { logged_in: false };

/** `GET /api/accounts`: an account without one of the keys is answered without it, as the original did. */
export const legacyAccount = (account: CloudAccount): Record<string, unknown> => {
  const known: readonly string[] = cloudOf(account).restKeys;
  return Object.fromEntries(Object.entries(account).filter(([key]) => known.includes(key)));
};

/** `GET /api/account/aws/config` */
export const legacyAwsConfig = ({ awsAccountId, externalId }: AwsTrust) => ({ awsAccountId, externalId });

/** `POST /api/account/aws/add` */
export const legacyAwsAdded = ({ accountId }: AwsAccount) => ({
  message: `Konto AWS ${accountId} pomyślnie dodane.`,
});

/** `GET /api/subscriptions` */
export const legacySubscriptions = (subscriptions: readonly AzureSubscription[]) => ({
  value: subscriptions.map(({ provider, tenantId, subscriptionId, displayName }) => ({
    provider,
    tenantId,
    subscriptionId,
    displayName,
  })),
});

/** Every failure outside GraphQL: the original's `error`, and what finds it in the log. */
export const legacyFailures: FailureForm = {
  body: ({ code, message, requestId }) => ({ error: message, code, requestId }),
  mediaType: () => 'json',
};
