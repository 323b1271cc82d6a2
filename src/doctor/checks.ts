import { azureOffer } from '../clouds/azure/sign-in.ts';
import { googleOffer } from '../clouds/gcp/sign-in.ts';
import { awsCheck } from './aws.ts';
import { azureCheck } from './azure.ts';
import type { Check } from './check.ts';
import { clockCheck } from './clock.ts';
import { discoveryCheck } from './discovery.ts';
import { frontEndCheck } from './front-end.ts';
import { portCheck } from './port.ts';
import { publicTlsCheck } from './public-tls.ts';
import { redirectUriCheck } from './redirect-uris.ts';
import { nodeCheck, pagesCheck } from './runtime.ts';
import { settingsCheck } from './settings.ts';
import { storeCheck } from './store.ts';

/** Every check, in the order in which they are printed: from this machine outwards. */
export const checks: readonly Check[] = [
  nodeCheck,
  pagesCheck,
  settingsCheck,
  portCheck,
  storeCheck,
  publicTlsCheck,
  frontEndCheck,
  discoveryCheck(azureOffer),
  discoveryCheck(googleOffer),
  redirectUriCheck,
  azureCheck,
  awsCheck,
  clockCheck,
];
