import { azureEndpoints } from '../clouds/azure/endpoints.ts';
import { openidFetch } from '../clouds/openid-fetch.ts';
import type { AzureConfig } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { type Check, notConfigured, type Patient, type Problem, type Verdict } from './check.ts';
import { failureOf, networkProblem } from './failures.ts';

const settings = ['AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'AZURE_TENANT_ID'];

/** These sign people of any tenant in; nobody can list them. */
const anyTenant = ['organizations', 'common'];

const registration = 'entra.microsoft.com > App registrations > your application';

/** What Entra says of an application, and what to do (learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const refusals: Record<string, Problem> = {
  '7000215': {
    problem: 'Entra refuses the client secret: it is wrong',
    mend: `put the Value of a secret (not its Secret ID) into AZURE_CLIENT_SECRET: ${registration} > Certificates & secrets`,
  },
  '7000222': {
    problem: 'Entra refuses the client secret: it has expired',
    mend: `make a new one, and put its Value into AZURE_CLIENT_SECRET: ${registration} > Certificates & secrets`,
  },
  '700016': {
    problem: 'Entra knows no such application in this tenant',
    mend: `check AZURE_CLIENT_ID (${registration} > Application (client) ID) and AZURE_TENANT_ID; of an application of another tenant an administrator has to consent first`,
  },
  '7000229': {
    problem: 'the application is not there in this tenant: nobody has consented to it',
    mend: 'have an administrator of the tenant consent: entra.microsoft.com > Enterprise applications',
  },
  '7000112': {
    problem: 'the application is disabled',
    mend: 'enable it: entra.microsoft.com > Enterprise applications > Properties > Enabled for users to sign-in',
  },
  '90002': {
    problem: 'Entra knows no such tenant',
    mend: 'set AZURE_TENANT_ID to the Directory (tenant) ID: entra.microsoft.com > Overview; check AZURE_CLOUD too',
  },
};

/** Whether the application gets a token by its secret, and may list the subscriptions of its tenant with it. */
export const azureCheck: Check = {
  title: 'Azure subscriptions',
  async run(patient, signal) {
    const { azure } = patient.config;
    if (!azure) return notConfigured(settings);
    const { authorityTenant: tenant } = azure;
    if (anyTenant.includes(tenant)) return reachable(azure, patient, signal);
    const refusal = await tokenRefusal(azure, patient, signal);
    if (refusal) return { looked: `a token for tenant ${tenant}`, faults: [refusal] };
    return listed(tenant, patient, signal);
  },
};

async function tokenRefusal(
  azure: AzureConfig,
  patient: Patient,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const { authorityHost, resourceManagerScope } = azureEndpoints(azure);
  const asked = { url: authorityHost, settings: 'AZURE_AUTHORITY_HOST and AZURE_CLOUD' };
  try {
    const response = await openidFetch(`${authorityHost}/${azure.authorityTenant}/oauth2/v2.0/token`, {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: azure.clientId,
        client_secret: azure.clientSecret,
        scope: resourceManagerScope,
      }),
      signal,
    });
    if (response.status === 200) return undefined;
    const code = /AADSTS(\d+)/.exec(await response.text())?.[1] ?? '';
    const known = refusals[code];
    if (known) return { ...known, problem: `${known.problem} (AADSTS${code})` };
    return {
      problem: `Entra gives no token: it answered ${response.status}${code && ` (AADSTS${code})`}`,
      mend: code
        ? `see what that code means: login.microsoftonline.com/error?code=${code}`
        : `check ${settings.join(', ')}`,
    };
  } catch (error) {
    return failureOf(error, asked, patient);
  }
}

async function listed(tenant: string, patient: Patient, signal: AbortSignal): Promise<Verdict> {
  const subscriptions = patient.clouds.find(({ subscriptions }) => subscriptions)?.subscriptions;
  const looked = `the subscriptions of tenant ${tenant}`;
  try {
    const found = await subscriptions?.list(tenant, { gone: signal });
    const count = found?.subscriptions.length ?? 0;
    if (count > 0) return { looked: `${looked}: ${count}` };
    const mend =
      'give the application the Reader role on the subscriptions that are to be listed: portal.azure.com > Subscriptions > Access control (IAM)';
    return { looked, warnings: [{ problem: 'the application sees no subscription at all', mend }] };
  } catch (error) {
    return { looked, faults: [listingProblem(error, patient)] };
  }
}

/** The gateway's own words, without the tenant, which is said already: "what; how to mend it". */
function listingProblem(error: unknown, patient: Patient): Problem {
  const { azure } = patient.config;
  const url = azure ? azureEndpoints(azure).resourceManager : '';
  const asked = { url, settings: 'AZURE_RESOURCE_MANAGER_ENDPOINT and AZURE_CLOUD' };
  const network = networkProblem(error, asked, patient);
  if (network || !(error instanceof GatewayError)) return network ?? failureOf(error, asked, patient);
  const reason = error.message.replace(/^.* failed: /s, '');
  const [problem = reason, mend] = reason.split('; ');
  const where =
    error.code === 'AZURE_FORBIDDEN' ? ': portal.azure.com > Subscriptions > Access control (IAM)' : '';
  return { problem: `Resource Manager: ${problem}`, mend: `${mend ?? `check ${asked.settings}`}${where}` };
}

/** Of any tenant there is no list, but Resource Manager has to refuse a call without a token, be it reached. */
async function reachable(azure: AzureConfig, patient: Patient, signal: AbortSignal): Promise<Verdict> {
  const { resourceManager: url } = azureEndpoints(azure);
  const looked = `${url} is reached; AZURE_TENANT_ID=${azure.authorityTenant} stands for any tenant, so that the secret and the listing cannot be tried`;
  try {
    const call = `${url}/subscriptions?api-version=2022-12-01`;
    const response = await fetch(call, { redirect: 'manual', signal });
    await response.body?.cancel();
    if (response.status === 401) return { looked };
    const problem = `${url} answers ${response.status} where Resource Manager asks for a token (401)`;
    const mend = 'check AZURE_RESOURCE_MANAGER_ENDPOINT and AZURE_CLOUD';
    return { looked: url, faults: [{ problem, mend }] };
  } catch (error) {
    const asked = { url, settings: 'AZURE_RESOURCE_MANAGER_ENDPOINT and AZURE_CLOUD' };
    return { looked: url, faults: [failureOf(error, asked, patient)] };
  }
}
