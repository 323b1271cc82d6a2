import type Provider from 'oidc-provider';
import type { EndpointGate, EndpointName } from '../endpoint-gate.ts';
import { type Exchange, type Handler, readForm, sendJson } from '../exchange.ts';
import { replayRequest } from '../replay-request.ts';
import type { SigningKey } from '../signing-key.ts';
import { discoveryDocument } from './discovery.ts';
import { GOOGLE_PATHS } from './paths.ts';

const COUNTED_GRANTS = new Map<string | null, EndpointName>([
  ['authorization_code', 'google.token.authorization_code'],
  ['refresh_token', 'google.token.refresh_token'],
]);

/** The app's part of Google, over TLS: discovery, signing keys and the token endpoint. */
export function createIdentityEndpoints(options: {
  provider: Provider;
  signingKey: SigningKey;
  origins: { identity: string; signIn: string };
  gate: EndpointGate;
}): Handler {
  const { provider, signingKey, origins, gate } = options;
  const answerToken = provider.callback();

  return async (exchange) => {
    const { pathname } = exchange.url;
    if (pathname === GOOGLE_PATHS.token && exchange.request.method === 'POST') {
      await token(exchange);
    } else if (pathname === GOOGLE_PATHS.discovery) {
      if (await gate.admit('google.discovery', exchange)) sendJson(exchange, 200, discoveryDocument(origins));
    } else if (pathname === GOOGLE_PATHS.keys) {
      if (await gate.admit('google.keys', exchange))
        sendJson(exchange, 200, { keys: [signingKey.publicJwk] });
    } else {
      sendJson(exchange, 404, { error: 'not_found', error_description: `No endpoint at ${pathname}` });
    }
  };

  async function token(exchange: Exchange): Promise<void> {
    const { bytes, form } = await readForm(exchange);
    const counted = COUNTED_GRANTS.get(form.get('grant_type'));
    if (counted !== undefined && !(await gate.admit(counted, exchange))) return;
    await answerToken(replayRequest(exchange.request, GOOGLE_PATHS.token, bytes), exchange.response);
  }
}
