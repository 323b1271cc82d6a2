import type { Cloud } from '../cloud.ts';
import type { AzureAccount } from './account.ts';
import { azureOffer, azureSignIn } from './sign-in.ts';
import { createAzureSubscriptions } from './subscriptions.ts';

/** Microsoft Azure: people sign in with Entra ID, and the gateway's app registration lists their subscriptions. */
export const azure: Cloud<AzureAccount, 'AzureAccount'> = {
  provider: 'azure',
  typeName: 'AzureAccount',
  namedBy: 'tenantId',
  restKeys: ['provider', 'tenantId', 'displayName', 'subscriptions'],
  signIn: azureOffer,
  open({ azure: config }, surroundings) {
    if (!config) return undefined;
    const { log, watch } = surroundings;
    const subscriptions = createAzureSubscriptions(config, surroundings);
    return { signIn: azureSignIn({ config, subscriptions, log, watch }), subscriptions };
  },
};
