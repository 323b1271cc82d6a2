import type Provider from 'oidc-provider';
import { createAuthorizeEndpoint } from '../authorize-endpoint.ts';
import type { EndpointGate } from '../endpoint-gate.ts';
import { type Handler, sendHtml } from '../exchange.ts';
import { finishSignIn } from '../finish-sign-in.ts';
import type { GooglePerson } from '../people.ts';
import { renderErrorPage } from '../sign-in-page.ts';
import { cancelledLocation, parseGoogleRequest } from './authorize-request.ts';
import { GOOGLE_QUERY } from './google-provider.ts';
import { createConsents } from './offline-access.ts';
import { GOOGLE_PATHS } from './paths.ts';
import { OFFLINE_SCOPE } from './scopes.ts';

/** What goes on to the identity provider; `prompt` and `access_type` have had their effect by then. */
const KEPT = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
];

/**
 * The browser's part of a Google sign-in, in this order: the page with the people (GET authorize), the choice (POST
 * authorize), then, without a further page: continue, finish, continue/<id>, which ends at the app's redirect_uri.
 */
export function createSignIn(options: {
  provider: Provider;
  people: () => readonly GooglePerson[];
  clientId: string;
  gate: EndpointGate;
}): Handler {
  const { provider, people, clientId, gate } = options;
  const takeConsent = createConsents();
  const goOn = provider.callback();
  const authorize = createAuthorizeEndpoint<GooglePerson>({
    name: 'google.authorize',
    gate,
    heading: 'Sign in with Google',
    parse: (parameters) => parseGoogleRequest(parameters, clientId),
    cancelled: cancelledLocation,
    chosen: (person, parameters) =>
      continueLocation(person, parameters, { isOffline: takeConsent(person, parameters) }),
  });

  return async (exchange) => {
    const { pathname } = exchange.url;
    if (pathname === GOOGLE_PATHS.authorize) {
      await authorize(exchange, people());
    } else if (pathname.startsWith(`${GOOGLE_PATHS.finish}/`)) {
      await finishSignIn(exchange, provider);
    } else if (pathname === GOOGLE_PATHS.continue || pathname.startsWith(`${GOOGLE_PATHS.continue}/`)) {
      await goOn(exchange.request, exchange.response);
    } else {
      sendHtml(exchange, 404, renderErrorPage('There is no such page.'));
    }
  };
}

/** `consent` has to be among the prompts, or OpenID Connect (Core, section 11) drops offline_access. */
function continueLocation(
  { id }: GooglePerson,
  asked: URLSearchParams,
  { isOffline }: { isOffline: boolean },
): string {
  const parameters = new URLSearchParams();
  for (const name of KEPT) {
    const value = asked.get(name);
    if (value !== null) parameters.set(name, value);
  }
  if (isOffline) parameters.set('scope', `${asked.get('scope')} ${OFFLINE_SCOPE}`);
  parameters.set('login_hint', id);
  parameters.set('prompt', 'login consent');
  parameters.set('response_mode', GOOGLE_QUERY);
  return `${GOOGLE_PATHS.continue}?${parameters}`;
}
