import type { Fault } from './config.ts';
import type { SettingName, Values } from './config-settings.ts';

/** The Azure app registration and the cloud it is in. */
export type AzureConfig = {
  clientId: string;
  clientSecret: string;
  /** A tenant id or domain, or `organizations`, `common`. */
  authorityTenant: string;
  cloud: 'public' | 'usgov' | 'china';
  authorityHost: string | undefined;
  resourceManagerEndpoint: string | undefined;
  timeoutMs: number;
  /** How long a list is answered without asking again; 0: never. */
  cacheSeconds: number;
};

/** The OAuth client in the Google Cloud console. */
export type GoogleConfig = { clientId: string; clientSecret: string; issuer: string };

/** The AWS account in whose name roles are assumed. */
export type AwsConfig = {
  accountId: string;
  region: string;
  /** Undefined: the SDK finds them, in a profile or in the machine's own role. */
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | undefined;
  /** Undefined: AWS's own. */
  stsEndpoint: string | undefined;
  /** One external id for everybody; undefined: one per user. */
  externalId: string | undefined;
};

export type CloudConfigs = {
  azure: AzureConfig | undefined;
  google: GoogleConfig | undefined;
  aws: AwsConfig | undefined;
};

/** The settings that each cloud takes to be offered: all of them, or none. */
const required = {
  Azure: ['AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'AZURE_TENANT_ID'],
  Google: ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
  AWS: ['AWS_ACCOUNT_ID'],
} as const satisfies Record<string, readonly SettingName[]>;

const isGiven = (values: Values) => (name: SettingName) => values[name] !== undefined;

/** The first setting that names a cloud, be it in part or wrongly; undefined when none does. */
export const settingOfACloud = (values: Values, faults: readonly Fault[]): SettingName | undefined =>
  Object.values(required)
    .flat()
    .find((name) => isGiven(values)(name) || faults.some((fault) => fault.name === name));

/** What is missing of the clouds that are configured in part. */
export function cloudFaults(values: Values): Fault[] {
  const partial = Object.entries(required).filter(([, names]) => names.some(isGiven(values)));
  const missing = partial.flatMap(([cloud, names]) =>
    names
      .filter((name) => values[name] === undefined)
      .map((name) => ({ name, problem: `is missing: ${cloud} needs ${names.join(', ')}` })),
  );
  return [...missing, ...awsFaults(values)];
}

function awsFaults(values: Values): Fault[] {
  const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret } = values;
  const faults: Fault[] = [];
  if (values.AWS_EXTERNAL_ID !== undefined && values.AWS_ACCOUNT_ID === undefined)
    faults.push({ name: 'AWS_ACCOUNT_ID', problem: 'is missing: AWS_EXTERNAL_ID is of no use without it' });
  if (values.AWS_ACCOUNT_ID === undefined || (key === undefined) === (secret === undefined)) return faults;
  const name = key === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY';
  return [...faults, { name, problem: 'is missing: AWS access keys have two parts' }];
}

/** What is said when a start without any cloud makes no sense. */
export const noCloudFaults = (): Fault[] =>
  required.Azure.map((name) => ({
    name,
    problem: `is missing: no cloud is configured, and one of them is enough: Azure with ${required.Azure.join(', ')}, Google with ${required.Google.join(', ')}, or AWS with ${required.AWS}`,
  }));

/** The clouds that are configured. */
export const cloudConfigs = (values: Values): CloudConfigs => ({
  azure: azureConfig(values),
  google: googleConfig(values),
  aws: awsConfig(values),
});

function azureConfig(values: Values): AzureConfig | undefined {
  const {
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_TENANT_ID: authorityTenant,
  } = values;
  if (clientId === undefined || clientSecret === undefined || authorityTenant === undefined) return undefined;
  return {
    clientId,
    clientSecret,
    authorityTenant,
    cloud: values.AZURE_CLOUD,
    authorityHost: values.AZURE_AUTHORITY_HOST,
    resourceManagerEndpoint: values.AZURE_RESOURCE_MANAGER_ENDPOINT,
    timeoutMs: values.AZURE_TIMEOUT_MS,
    cacheSeconds: values.AZURE_CACHE_SECONDS,
  };
}

function googleConfig(values: Values): GoogleConfig | undefined {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret, GOOGLE_ISSUER: issuer } = values;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return { clientId, clientSecret, issuer };
}

function awsConfig(values: Values): AwsConfig | undefined {
  const { AWS_ACCOUNT_ID: accountId, AWS_ACCESS_KEY_ID: accessKeyId } = values;
  const { AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = values;
  if (accountId === undefined) return undefined;
  return {
    accountId,
    region: values.AWS_REGION,
    credentials:
      accessKeyId === undefined || secretAccessKey === undefined
        ? undefined
        : { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    stsEndpoint: values.AWS_ENDPOINT_URL_STS,
    externalId: values.AWS_EXTERNAL_ID,
  };
}
