import * as openid from 'openid-client';
import { boundedBody } from '../clouds/bounded-body.ts';
import type { SignInProvider } from '../clouds/cloud.ts';
import { beforeEnd } from '../clouds/deadline.ts';
import type { Config } from '../config.ts';
import { isLoopbackName } from '../loopback.ts';
import { discovered } from '../sign-in/discovery.ts';
import type { Check, Problem } from './check.ts';
import { publicUrl } from './public-url.ts';

/** How many redirects of the provider's own are followed on the way to its sign-in page. */
const mostRedirects = 5;
const mostBytes = 3_000_000;

/** Where an application's redirect URIs are kept. */
const pages: Record<string, string> = {
  azure: 'entra.microsoft.com > App registrations > your application > Authentication > Web > Redirect URIs',
  gcp: 'console.cloud.google.com/auth/clients > your client > Authorised redirect URIs',
};

const idSettings: Record<string, string> = { azure: 'AZURE_CLIENT_ID', gcp: 'GOOGLE_CLIENT_ID' };

/** What a provider made of the request for a sign-in. */
type Reception = 'accepted' | 'redirect URI refused' | 'client unknown' | `answered ${string}` | 'not told';

/** Prints which redirect URIs have to be registered, and asks each provider whether ours is. */
export const redirectUriCheck: Check = {
  title: 'Redirect URIs',
  async run({ config, providers }, signal) {
    if (providers.length === 0) return { looked: 'nobody signs in here', untold: true };
    const received = await Promise.all(
      providers.map(async (provider) => {
        const uri = `${publicUrl(config)}${provider.callbackPath}`;
        const reception = await askFor(provider, uri, signal).catch((): Reception => 'not told');
        return { provider, uri, reception };
      }),
    );
    return {
      looked: `to be registered exactly as they are here${local(config)}`,
      notes: received.map(({ provider, uri, reception }) => `${provider.label}: ${uri} (${reception})`),
      faults: received.flatMap(problemOf),
    };
  },
};

/** Without APP_BASE_URL the gateway answers under the name and the port that the browser has used. */
function local({ appBaseUrl, port }: Config): string {
  if (appBaseUrl !== undefined) return '';
  const place = port === 0 ? ', with the port that PORT=0 gives in the place of 5000' : '';
  return `${place}; with 127.0.0.1 in the place of localhost too, where browsers open it under that name`;
}

function problemOf(received: { provider: SignInProvider; uri: string; reception: Reception }): Problem[] {
  const { provider, uri, reception } = received;
  const page = pages[provider.provider] ?? 'its console';
  const { protocol, hostname } = new URL(uri);
  const tlsHint =
    protocol === 'http:' && !isLoopbackName(hostname)
      ? ' (it takes http for localhost alone: use https)'
      : '';
  if (reception === 'redirect URI refused') {
    return [
      {
        problem: `${provider.label} does not know the redirect URI ${uri}`,
        mend: `register it: ${page}; or set APP_BASE_URL to the URL whose redirect URI is registered${tlsHint}`,
      },
    ];
  }
  if (reception === 'client unknown') {
    const name = idSettings[provider.provider] ?? 'the client id';
    return [{ problem: `${provider.label} does not know the application`, mend: `check ${name}: ${page}` }];
  }
  if (!reception.startsWith('answered')) return [];
  return [{ problem: `${provider.label} ${reception} to a sign-in`, mend: `check the application: ${page}` }];
}

/** Starts a sign-in as the gateway does, and looks where it would end. Nobody signs in, nothing is kept. */
async function askFor(
  provider: SignInProvider,
  redirectUri: string,
  signal: AbortSignal,
): Promise<Reception> {
  const configuration = await beforeEnd(signal, discovered(provider));
  let url = openid.buildAuthorizationUrl(configuration, {
    ...provider.authorizationParameters([]),
    redirect_uri: redirectUri,
    response_mode: 'query',
    state: openid.randomState(),
    nonce: openid.randomNonce(),
    code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  });
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await fetch(url, {
      redirect: 'manual',
      signal,
      headers: { accept: 'text/html', 'user-agent': 'Mozilla/5.0 (multi-cloud-session-gateway doctor)' },
    });
    const location = response.headers.get('location');
    if (location === null) return receptionOf(response.status, await textOf(response));
    await response.body?.cancel();
    const next = new URL(location, url);
    if (`${next.origin}${next.pathname}` === redirectUri) return sentBack(next.searchParams.get('error'));
    const refusal = refusalIn(decodedParameters(next));
    if (refusal) return refusal;
    url = next;
  }
  return 'not told';
}

/** Sent back at once: the redirect URI is known, and something else is not to the provider's liking. */
const sentBack = (error: string | null): Reception => {
  const code = error && /^[a-z_]{1,60}$/.test(error) ? error : 'an error';
  return ['login_required', 'interaction_required', 'consent_required'].includes(code)
    ? 'accepted'
    : `answered ${code}`;
};

/** Entra shows its errors with status 200, so that the text goes first. */
function receptionOf(status: number, text: string): Reception {
  const refusal = refusalIn(text);
  if (refusal) return refusal;
  return status === 200 && /<form|\$Config|type="password"/i.test(text) ? 'accepted' : 'not told';
}

/** Source: learn.microsoft.com/entra/identity-platform/reference-error-codes; developers.google.com/identity/protocols/oauth2/web-server#authorization-errors. */
function refusalIn(text: string): Reception | undefined {
  if (/AADSTS(50011|500112|900971)\b|redirect_uri_mismatch/.test(text)) return 'redirect URI refused';
  if (/AADSTS(700016|70001)\b|\b(invalid_client|deleted_client)\b/.test(text)) return 'client unknown';
  const code = /AADSTS\d{4,8}\b/.exec(text)?.[0];
  return code ? `answered ${code}` : undefined;
}

/** Google sends browsers to a page of its own, with what is wrong in a parameter, in Base64. */
const decodedParameters = (url: URL): string =>
  [...url.searchParams.entries()]
    .filter(([name]) => name !== 'redirect_uri' && name !== 'state')
    .map(([name, value]) => (name === 'authError' ? Buffer.from(value, 'base64').toString('latin1') : value))
    .join('\n');

const textOf = async (response: Response): Promise<string> =>
  response.body ? (await boundedBody(response.body, mostBytes)).toString() : '';
