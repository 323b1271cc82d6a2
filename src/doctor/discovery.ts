import type { SignInProvider } from '../clouds/cloud.ts';
import { beforeEnd } from '../clouds/deadline.ts';
import { discovered } from '../sign-in/discovery.ts';
import { type Check, notConfigured, type Patient, type Problem, type Verdict } from './check.ts';
import type { Document } from './documents.ts';
import { codesOf, failureOf } from './failures.ts';

/** Whether a provider's metadata can be read, and used: the network, DNS, TLS, the tenant and the issuer. */
export const discoveryCheck = (offer: {
  provider: string;
  label: string;
  settings: readonly string[];
}): Check => ({
  title: `${offer.label} sign-in`,
  async run(patient, signal) {
    const provider = patient.providers.find(({ provider }) => provider === offer.provider);
    if (!provider) return notConfigured(offer.settings);
    const { documents } = patient;
    const asked = { url: documents.issuerUrl(provider), settings: documents.settings(provider) };
    try {
      const document = await beforeEnd(signal, documents.read(provider));
      const unusable = unusableDocument(document, asked);
      return unusable ? { looked: asked.url, faults: [unusable] } : await used(provider, patient, signal);
    } catch (error) {
      return { looked: asked.url, faults: [failureOf(error, asked, patient)] };
    }
  },
});

function unusableDocument(
  { status, text }: Document,
  asked: { url: string; settings: string },
): Problem | undefined {
  if (status === 200) return undefined;
  const code = /AADSTS(\d+)/.exec(text)?.[1];
  if (code === '90002' || code === '900021') {
    return {
      problem: `Entra knows no such tenant (AADSTS${code})`,
      mend: 'set AZURE_TENANT_ID to the Directory (tenant) ID: entra.microsoft.com > Overview; check AZURE_CLOUD too',
    };
  }
  return {
    problem: `${asked.url} answered ${status} where its metadata should be${code ? ` (AADSTS${code})` : ''}`,
    mend: `check ${asked.settings}: below it /.well-known/openid-configuration has to be found`,
  };
}

/** The same reading as a sign-in makes it, with its rules. */
async function used(provider: SignInProvider, patient: Patient, signal: AbortSignal): Promise<Verdict> {
  const url = patient.documents.issuerUrl(provider);
  const settings = patient.documents.settings(provider);
  try {
    const metadata = (await beforeEnd(signal, discovered(provider))).serverMetadata();
    return { looked: `${url} answers as issuer ${metadata.issuer}` };
  } catch (error) {
    if (!codesOf(error).includes('OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED')) throw error;
    const mend = `the two have to be the same, to the letter; check ${settings}`;
    return {
      looked: url,
      faults: [{ problem: 'its metadata names another issuer than the URL it is found under', mend }],
    };
  }
}
