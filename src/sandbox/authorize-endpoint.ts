import type { AuthorizeRequest } from './authorize-request.ts';
import type { EndpointGate, EndpointName } from './endpoint-gate.ts';
import { type Exchange, readForm, redirect, sendHtml } from './exchange.ts';
import { type Choice, renderErrorPage, renderSignInPage } from './sign-in-page.ts';

/** What one cloud's authorize endpoint has of its own. */
export type AuthorizeEndpointOptions<P extends Choice> = {
  /** The name under which showing the page is counted and can be told to fail. */
  name: EndpointName;
  gate: EndpointGate;
  heading: string;
  parse(parameters: URLSearchParams): AuthorizeRequest;
  /** Where the browser goes when the person cancels. */
  cancelled(parameters: URLSearchParams): string;
  /** Where the browser goes on as the chosen person. */
  chosen(person: P, parameters: URLSearchParams): string;
};

/**
 * The authorize endpoint of a cloud: GET shows the people, POST takes the choice. Both check the request, since
 * what the page posts back comes from the browser too.
 */
export function createAuthorizeEndpoint<P extends Choice>(
  options: AuthorizeEndpointOptions<P>,
): (exchange: Exchange, people: readonly P[]) => Promise<void> {
  const { name, gate, heading, parse, cancelled, chosen } = options;

  return async (exchange, people) => {
    const isChoice = exchange.request.method === 'POST';
    if (!isChoice && !(await gate.admit(name, exchange))) return;
    const asked = parse(unpacked(exchange.url.searchParams));
    if (asked.kind === 'refused') {
      sendHtml(exchange, 400, renderErrorPage(asked.reason));
    } else if (asked.kind === 'error') {
      redirect(exchange, asked.location);
    } else if (isChoice) {
      await choose(exchange, people, asked.parameters);
    } else {
      const action = `${exchange.url.pathname}?${packed(exchange.url.search)}`;
      sendHtml(exchange, 200, renderSignInPage({ heading, action, people }));
    }
  };

  async function choose(
    exchange: Exchange,
    people: readonly P[],
    parameters: URLSearchParams,
  ): Promise<void> {
    const { form } = await readForm(exchange);
    const person = people.find(({ id }) => id === form.get('persona'));
    if (form.has('cancel')) redirect(exchange, cancelled(parameters));
    else if (person !== undefined) redirect(exchange, chosen(person, parameters));
    else sendHtml(exchange, 400, renderErrorPage('Nobody of that name signs in here.'));
  }
}

/** The parameters as one word, so that the form's action has nothing in it that HTML would escape. */
const packed = (search: string): string => `asked=${Buffer.from(search).toString('base64url')}`;

function unpacked(parameters: URLSearchParams): URLSearchParams {
  const asked = parameters.get('asked');
  return asked === null ? parameters : new URLSearchParams(Buffer.from(asked, 'base64url').toString());
}
