import { azureEndpoints } from '../clouds/azure/endpoints.ts';
import type { SignInProvider } from '../clouds/cloud.ts';
import { openidFetch } from '../clouds/openid-fetch.ts';
import type { Config } from '../config.ts';

/** How long a discovery document may take, in milliseconds. */
const documentMillis = 8_000;

/** A provider's discovery document as it came over the wire. */
export type Document = {
  status: number;
  text: string;
  /** How far the provider's clock is ahead of ours, in milliseconds; undefined when it does not say. */
  aheadMillis: number | undefined;
};

/** Reads each provider's discovery document once, however many checks look at it. */
export type Documents = {
  /** Where a provider's issuer is, by the configuration. */
  issuerUrl(provider: SignInProvider): string;
  /** Which variables say so. */
  settings(provider: SignInProvider): string;
  read(provider: SignInProvider): Promise<Document>;
};

export function createDocuments(config: Config): Documents {
  const reading = new Map<SignInProvider, Promise<Document>>();
  const issuerUrl = (provider: SignInProvider) => issuerUrlOf(provider, config);
  return {
    issuerUrl,
    settings: ({ provider }) =>
      provider === 'azure' ? 'AZURE_AUTHORITY_HOST, AZURE_CLOUD and AZURE_TENANT_ID' : 'GOOGLE_ISSUER',
    read(provider) {
      const document = reading.get(provider) ?? readDocument(issuerUrl(provider));
      reading.set(provider, document);
      return document;
    },
  };
}

function issuerUrlOf({ provider, label }: SignInProvider, { azure, google }: Config): string {
  if (provider === 'azure' && azure)
    return `${azureEndpoints(azure).authorityHost}/${azure.authorityTenant}/v2.0`;
  if (provider === 'gcp' && google) return google.issuer;
  throw new Error(`Where ${label} publishes its metadata is not known`);
}

async function readDocument(issuer: string): Promise<Document> {
  const signal = AbortSignal.timeout(documentMillis);
  const askedAt = Date.now();
  const response = await openidFetch(`${issuer}/.well-known/openid-configuration`, {
    method: 'GET',
    redirect: 'manual',
    headers: { accept: 'application/json' },
    body: undefined,
    signal,
  });
  const ours = (askedAt + Date.now()) / 2;
  const text = await response.text();
  return { status: response.status, text, aheadMillis: aheadOf(response.headers, ours) };
}

/** A cache on the way passes on the `Date` of the answer that it keeps, with its `Age` (RFC 9110, section 6.6.1; RFC 9111, 5.1). */
function aheadOf(headers: Headers, ours: number): number | undefined {
  const date = Date.parse(headers.get('date') ?? '');
  const ageSeconds = Number(headers.get('age') ?? 0);
  return Number.isNaN(date) || Number.isNaN(ageSeconds) ? undefined : date + ageSeconds * 1000 - ours;
}
