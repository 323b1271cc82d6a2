import type { Cloud } from '../cloud.ts';
import type { GcpAccount } from './account.ts';
import { googleOffer, googleSignIn } from './sign-in.ts';

/** Google Cloud: people sign in with Google, and their tokens are theirs to use. */
export const google: Cloud<GcpAccount, 'GcpAccount'> = {
  provider: 'gcp',
  typeName: 'GcpAccount',
  namedBy: 'email',
  restKeys: ['provider', 'email', 'displayName', 'access_token', 'refresh_token'],
  signIn: googleOffer,
  open: ({ google: config }, { watch }) => config && { signIn: googleSignIn(config, watch) },
};
