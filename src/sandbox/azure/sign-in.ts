import type { EndpointGate } from '../endpoint-gate.ts';
import { type Exchange, type Handler, readForm, redirect, sendHtml } from '../exchange.ts';
import type { Person } from '../people.ts';
import { renderErrorPage, renderSignInPage } from '../sign-in-page.ts';
import { cancelledLocation, parseAuthorizeRequest } from './authorize-request.ts';
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

  return async (exchange) => {
    const { authority, rest } = splitAuthority(exchange.url.pathname);
    if (!directory.isAuthority(authority)) {
      sendHtml(exchange, 404, renderErrorPage(`AADSTS90002: Tenant '${authority}' not found.`));
    } else if (rest === ENTRA_PATHS.authorize) {
      await authorize(exchange, authority);
    } else if (rest.startsWith(`${ENTRA_PATHS.finish}/`)) {
      await finish(exchange, authority);
    } else {
      await continueAtTenant(exchange, authority);
    }
  };

  async function authorize(exchange: Exchange, authority: string): Promise<void> {
    const isChoice = exchange.request.method === 'POST';
    const asked = parseAuthorizeRequest(unpacked(exchange.url.searchParams), clientId);
    if (!isChoice && !(await gate.admit('azure.authorize', exchange))) return;
    if (asked.kind === 'refused') {
      sendHtml(exchange, 400, renderErrorPage(asked.reason));
    } else if (asked.kind === 'error') {
      redirect(exchange, asked.location);
    } else if (isChoice) {
      await choose(exchange, authority, asked.parameters);
    } else {
      const action = `${exchange.url.pathname}?${packed(exchange.url.search)}`;
      const people = directory.peopleAt(authority);
      sendHtml(
        exchange,
        200,
        renderSignInPage({ heading: 'Sign in with Microsoft Entra ID', action, people }),
      );
    }
  }

  async function choose(exchange: Exchange, authority: string, parameters: URLSearchParams): Promise<void> {
    const { form } = await readForm(exchange);
    if (form.has('cancel')) {
      redirect(exchange, cancelledLocation(parameters));
      return;
    }
    const person = directory.peopleAt(authority).find(({ id }) => id === form.get('persona'));
    if (person === undefined) {
      sendHtml(
        exchange,
        400,
        renderErrorPage(`AADSTS50020: Nobody of that name signs in at '${authority}'.`),
      );
      return;
    }
    redirect(exchange, continueLocation(person, parameters));
  }

  async function finish(exchange: Exchange, tenantId: string): Promise<void> {
    const { request, response } = exchange;
    try {
      const provider = directory.entry(tenantId)?.provider;
      const interaction = await provider?.interactionDetails(request, response);
      const login = { accountId: String(interaction?.params.login_hint) };
      await provider?.interactionFinished(request, response, { login, consent: {} });
    } catch {
      sendHtml(
        exchange,
        400,
        renderErrorPage('This sign-in is over, or has lost its cookie. Start it again.'),
      );
    }
  }

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

/** The parameters as one word, so that the form's action has nothing in it that HTML would escape. */
const packed = (search: string): string => `asked=${Buffer.from(search).toString('base64url')}`;

function unpacked(parameters: URLSearchParams): URLSearchParams {
  const asked = parameters.get('asked');
  return asked === null ? parameters : new URLSearchParams(Buffer.from(asked, 'base64url').toString());
}
