/**
 * The console's operations and the one way it sends them.
 *
 * Code generation reads the operations from here, and writes the list of them that the gateway may be limited to.
 */

/** What the session holds; answered without asking any cloud. */
export const CONSOLE = /* GraphQL */ `query Console {
  me { loggedIn name email sessionExpiresAt }
  accounts {
    ... on ConnectedAccount { __typename id provider displayName }
    ... on AzureAccount { tenantId }
    ... on GcpAccount { email }
    ... on AwsAccount { roleArn accountId }
  }
}`;

/** The live subscriptions; as slow as the slowest tenant, and each account fails alone. */
export const CONSOLE_SUBSCRIPTIONS = /* GraphQL */ `query ConsoleSubscriptions {
  me { loggedIn sessionExpiresAt }
  accounts {
    ... on ConnectedAccount { __typename id }
    ... on AzureAccount { subscriptionDetails { id subscriptionId displayName state } }
  }
}`;

/** Connects an AWS role, once AWS has confirmed it. */
export const CONSOLE_CONNECT_AWS = /* GraphQL */ `mutation ConsoleConnectAws($roleArn: String!) {
  connectAwsAccount(roleArn: $roleArn) { account { id } }
}`;

/** Takes an account out of the session. */
export const CONSOLE_DISCONNECT = /* GraphQL */ `mutation ConsoleDisconnect($id: ID!) {
  disconnectAccount(id: $id) { id }
}`;

/** Ends the session; fine for an anonymous caller too. */
export const CONSOLE_LOGOUT = /* GraphQL */ `mutation ConsoleLogout { logout { message } }`;

/** Longer than the gateway waits for a cloud, so that its own message comes first. */
const REQUEST_TIMEOUT_MS = 30_000;

/** A failure that can be shown as it is, with the gateway's code and request id when it gave them. */
export class GatewayError extends Error {
  constructor(message, extensions) {
    super(message);
    this.code = extensions?.code;
    this.requestId = extensions?.requestId;
  }
}

/**
 * Sends one operation and returns `{ data, errors }`.
 * Throws a GatewayError when there is no data at all, and passes on the AbortError of `init.signal`.
 */
export async function send(query, { variables, ...init } = {}) {
  const { response, body } = await request('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query, variables }),
    ...init,
  });
  if (body?.data) return { data: body.data, errors: body.errors ?? [] };
  const first = body?.errors?.[0];
  if (first) throw new GatewayError(first.message, first.extensions);
  throw refusal(response, body);
}

/** Reads what a path answers to a GET; fails as `send` does. */
export async function read(path, init) {
  const { response, body } = await request(path, { headers: { accept: 'application/json' }, ...init });
  if (!response.ok) throw refusal(response, body);
  return body;
}

/** One request and its JSON, whatever its status. */
async function request(path, init) {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  let response;
  try {
    response = await fetch(path, {
      credentials: 'same-origin',
      cache: 'no-store',
      ...init,
      signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
    });
    return { response, body: await response.json() };
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    if (error.name === 'TimeoutError') throw new GatewayError('The gateway took too long to answer.');
    if (!response) throw new GatewayError('The gateway cannot be reached. Check the network connection.');
    throw new GatewayError(`The gateway's answer cannot be read (HTTP ${response.status}).`);
  }
}

/** What stands in front of the gateway may answer in a form of its own. */
function refusal(response, body) {
  return new GatewayError(body?.error ?? `HTTP ${response.status}`, body);
}
