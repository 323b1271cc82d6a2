import type { EndpointGate, EndpointName } from '../endpoint-gate.ts';
import { type Exchange, type Handler, readForm, sendJson } from '../exchange.ts';
import { replayRequest } from '../replay-request.ts';
import type { SigningKey } from '../signing-key.ts';
import type { Directory, DirectoryEntry } from './directory.ts';
import { discoveryDocument } from './discovery.ts';
import { entraError, unknownTenant } from './entra-errors.ts';
import { ENTRA_PATHS, splitAuthority } from './paths.ts';

const COUNTED_GRANTS = new Map<string | null, EndpointName>([
  ['authorization_code', 'azure.token.authorization_code'],
  ['refresh_token', 'azure.token.refresh_token'],
  ['client_credentials', 'azure.token.client_credentials'],
]);

/** The app's part of Entra, over TLS: discovery, signing keys and the token endpoint of every authority. */
export function createIdentityEndpoints(options: {
  directory: Directory;
  signingKey: SigningKey;
  origins: { identity: string; signIn: string };
  gate: EndpointGate;
}): Handler {
  const { directory, signingKey, origins, gate } = options;

  return async (exchange) => {
    const { authority, rest } = splitAuthority(exchange.url.pathname);
    const isKnown = directory.isAuthority(authority);
    if (rest === ENTRA_PATHS.token && exchange.request.method === 'POST') {
      await token(exchange, authority);
    } else if (rest === ENTRA_PATHS.discovery) {
      if (!(await gate.admit('azure.discovery', exchange))) return;
      if (isKnown) sendJson(exchange, 200, discoveryDocument(authority, origins));
      else sendJson(exchange, 400, unknownTenant(authority));
    } else if (rest === ENTRA_PATHS.keys && isKnown) {
      if (await gate.admit('azure.keys', exchange)) sendJson(exchange, 200, { keys: [signingKey.publicJwk] });
    } else {
      sendJson(exchange, 404, {
        error: 'not_found',
        error_description: `No endpoint at ${exchange.url.pathname}`,
      });
    }
  };

  async function token(exchange: Exchange, authority: string): Promise<void> {
    const { bytes, form } = await readForm(exchange);
    const counted = COUNTED_GRANTS.get(form.get('grant_type'));
    if (counted !== undefined && !(await gate.admit(counted, exchange))) return;
    if (!directory.isAuthority(authority)) {
      sendJson(exchange, 400, unknownTenant(authority));
      return;
    }
    const entry = directory.entry(authority) ?? (await issuerOf(directory, form));
    if (entry === undefined) {
      sendJson(exchange, 400, tenantUnclear(form));
      return;
    }
    const url = `/${entry.tenant.id}${ENTRA_PATHS.token}`;
    await entry.provider.callback()(replayRequest(exchange.request, url, bytes), exchange.response);
  }
}

/** Which tenant issued the code or refresh token that came to `organizations` or `common`. */
async function issuerOf(directory: Directory, form: URLSearchParams): Promise<DirectoryEntry | undefined> {
  const code = form.get('code') ?? '';
  const refreshToken = form.get('refresh_token') ?? '';
  for (const entry of directory.entries()) {
    const { AuthorizationCode, RefreshToken } = entry.provider;
    const found = code ? await AuthorizationCode.find(code) : await RefreshToken.find(refreshToken);
    if (found !== undefined) return entry;
  }
  return undefined;
}

function tenantUnclear(form: URLSearchParams): object {
  return form.get('grant_type') === 'client_credentials'
    ? entraError('invalid_request', 50059, 'No tenant-identifying information found in the request.')
    : entraError('invalid_grant', 70000, 'The provided grant is not valid or has expired.');
}
