import { createAuthorizeEndpoint } from '../authorize-endpoint.ts';
import type { EndpointGate } from '../endpoint-gate.ts';
import { type Exchange, type Handler, sendHtml } from '../exchange.ts';
import { finishSignIn } from '../finish-sign-in.ts';
import type { Person } from '../people.ts';
import { renderErrorPage } from '../sign-in-page.ts';
import { cancelledLocation, parseEntraRequest } from './authorize-request.ts';
import type { Directory } from './directory.ts';
import { ENTRA_PATHS, splitAuthority } from './paths.ts';
import { QUERY_WITHOUT_ISS } from './tenant-provider.ts';

/**
 * The browser's part of an Entra sign-in, in this order: the page with the people (GET authorize), the choice
 * (POST authorize), then, without a further page, the chosen person's tenant: continue, finish, continue/<id>,
 * which ends at the app's redirect_uri.
 */
export function createSignIn(options: {
  directory: Directory;
  clientId: string;
  gate: EndpointGate;
}): Handler {
  const { directory, clientId, gate } = options;
  const authorize = createAuthorizeEndpoint({
    name: 'azure.authorize',
    gate,
    heading: 'Sign in with Microsoft Entra ID',
    parse: (parameters) => parseEntraRequest(parameters, clientId),
    cancelled: cancelledLocation,
    chosen: continueLocation,
  });

  return async (exchange) => {
    const { authority, rest } = splitAuthority(exchange.url.pathname);
    if (!directory.isAuthority(authority)) {
      sendHtml(exchange, 404, renderErrorPage(`AADSTS90002: Tenant '${authority}' not found.`));
    } else if (rest === ENTRA_PATHS.authorize) {
      await authorize(exchange, directory.peopleAt(authority));
    } else if (rest.startsWith(`${ENTRA_PATHS.finish}/`)) {
      await finishSignIn(exchange, directory.entry(authority)?.provider);
    } else {
      await continueAtTenant(exchange, authority);
    }
  };

  async function continueAtTenant(exchange: Exchange, tenantId: string): Promise<void> {
    const provider = directory.entry(tenantId)?.provider;
    if (provider === undefined || !exchange.url.pathname.includes(ENTRA_PATHS.continue)) {
      sendHtml(exchange, 404, renderErrorPage('There is no such page.'));
      return;
    }
    await provider.callback()(exchange.request, exchange.response);
  }
}

/** `consent` has to be among the prompts, or OpenID Connect (Core, section 11) drops offline_access. */
function continueLocation(person: Person, asked: URLSearchParams): string {
  const parameters = new URLSearchParams(asked);
  parameters.set('login_hint', person.id);
  parameters.set('prompt', 'login consent');
  parameters.set('response_mode', QUERY_WITHOUT_ISS);
  return `/${person.tenantId}${ENTRA_PATHS.continue}?${parameters}`;
}
