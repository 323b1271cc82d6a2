/** What the gateway answered; `status` is 0 when it did not. */
export type Answer = { ok: boolean; status: number; body: Record<string, unknown> };

/** How much of an answer that is no JSON is shown; characters. */
const mostShown = 500;

/**
 * Asks the gateway as this browser, with its cookie. Never rejects: a failure is an answer that says what happened, in
 * the form that GraphQL has for errors.
 */
export async function askJson(path: string, init: RequestInit = {}): Promise<Answer> {
  try {
    const response = await fetch(path, { ...init, credentials: 'same-origin' });
    return { ok: response.ok, status: response.status, ...parsed(await response.text()) };
  } catch {
    return failed(0, 'The gateway did not answer. Is it running, and is this browser connected?');
  }
}

const headers = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json',
};

/** Sends an operation to the endpoint that served the page. */
export const askGraphql = (request: { query: string; variables?: unknown; operationName?: unknown }) =>
  askJson('/graphql', { method: 'POST', headers, body: JSON.stringify(request) });

/** What an answer that is no success says for itself. */
export function messageOf({ body, status }: Answer): string {
  const [first] = Array.isArray(body.errors) ? body.errors : [];
  const said: unknown = body.error ?? first?.message;
  return typeof said === 'string' ? said : `The gateway answered with status ${status}`;
}

function parsed(text: string): { ok?: false; body: Record<string, unknown> } {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return { body: body as Record<string, unknown> };
  } catch {
    // Said below: a proxy's page is no JSON, and `null` is no answer either.
  }
  const message = 'The answer is not a JSON object; something between here and the gateway may have given it';
  return { ok: false, body: { errors: [{ message }], answer: text.slice(0, mostShown) } };
}

const failed = (status: number, message: string): Answer => ({
  ok: false,
  status,
  body: { errors: [{ message }] },
});
