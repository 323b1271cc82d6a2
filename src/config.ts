import {
  type CloudConfigs,
  cloudConfigs,
  cloudFaults,
  noCloudFaults,
  settingOfACloud,
} from './config-clouds.ts';
import { operationManifests, type PersistedOperation } from './config-manifest.ts';
import { type Environment, optional, parseSettings, withDefault } from './config-setting.ts';
import { isSameSite } from './config-site.ts';
import { type StoreLocation, storeLocation } from './config-store.ts';
import {
  awsAccountId,
  awsRegion,
  duration,
  externalId,
  fraction,
  httpsUrl,
  oneOf,
  port,
  proxyAddresses,
  secrets,
  secureUrl,
  tenant,
  text,
  timeoutMillis,
  webOrigin,
  webOrigins,
  webUrl,
  wholeNumber,
} from './config-values.ts';

export type { AwsConfig, AzureConfig, GoogleConfig } from './config-clouds.ts';
export type { Environment } from './config-setting.ts';

/** Every environment variable that the gateway reads, in the order of `--help`. The only place that names them. */
export const settings = {
  NODE_ENV: withDefault({
    parse: oneOf('development', 'test', 'production'),
    fallback: 'development',
    meaning: 'development, test or production; production refuses unsafe defaults',
  }),
  PORT: withDefault({ parse: port, fallback: '5000', meaning: 'port to listen on; 0 takes a free one' }),
  HOST: withDefault({ parse: text, fallback: '127.0.0.1', meaning: 'address to listen on' }),
  APP_BASE_URL: optional({
    parse: webOrigin,
    defaultNote: 'http://localhost:<PORT>',
    meaning: "the gateway's public URL; https makes the cookie Secure with the __Host- prefix",
  }),
  FRONTEND_URL: optional({
    parse: webUrl,
    defaultNote: 'the built-in console',
    meaning:
      'where the browser goes after sign-in, at /dashboard or the path asked for; always an allowed CORS origin',
  }),
  CORS_ORIGINS: withDefault({
    parse: webOrigins,
    fallback: 'http://localhost:3000',
    meaning: 'origins, separated by commas, whose pages may call the gateway with the session cookie',
  }),
  SESSION_SECRET: optional({
    parse: secrets,
    defaultNote: 'sandbox: generated',
    meaning:
      'secrets of 32 characters or more without commas, separated by commas; the first signs cookies and seals records, all verify and open',
    secret: true,
  }),
  SESSION_STORE: withDefault({
    parse: storeLocation,
    fallback: 'lmdb:./data/sessions',
    meaning:
      'where sessions are kept: lmdb:<folder>, redis://host:port, rediss:// for TLS, redis-sentinel://host:port,host:port/name or redis-cluster://host:port,host:port',
  }),
  REDIS_WAIT_REPLICAS: withDefault({
    parse: wholeNumber(100),
    fallback: '0',
    meaning: 'replicas of a Redis store that must hold a write before it is acknowledged',
  }),
  SESSION_IDLE_MINUTES: withDefault({
    parse: duration('minutes', 525_600),
    fallback: '60',
    meaning: 'a session ends after so many minutes without a request',
  }),
  SESSION_ABSOLUTE_HOURS: withDefault({
    parse: duration('hours', 8760),
    fallback: '12',
    meaning: 'a session ends so many hours after sign-in, used or not',
  }),
  TRUST_PROXY: optional({
    parse: proxyAddresses,
    defaultNote: 'none',
    meaning: 'addresses and subnets of the proxies whose X-Forwarded-* headers are believed',
  }),
  TOKEN_EXPOSURE: optional({
    parse: oneOf('full', 'none'),
    defaultNote: 'full; to be set in production',
    meaning: 'full: GCP tokens are in the answers, as the original had them; none: null instead',
  }),
  AZURE_CLIENT_ID: optional({
    parse: text,
    meaning: 'application (client) id of the Entra app registration',
  }),
  AZURE_CLIENT_SECRET: optional({
    parse: text,
    meaning: 'client secret of the Entra app registration',
    secret: true,
  }),
  AZURE_TENANT_ID: optional({
    parse: tenant,
    meaning: 'the sign-in authority: a tenant id or domain name, or organizations or common for any tenant',
  }),
  AZURE_CLOUD: withDefault({
    parse: oneOf('public', 'usgov', 'china'),
    fallback: 'public',
    meaning: 'public, usgov or china: authority, Resource Manager endpoint and token scope together',
  }),
  AZURE_AUTHORITY_HOST: optional({
    parse: httpsUrl,
    defaultNote: 'from AZURE_CLOUD',
    meaning: 'another authority, https only',
  }),
  AZURE_RESOURCE_MANAGER_ENDPOINT: optional({
    parse: httpsUrl,
    defaultNote: 'from AZURE_CLOUD',
    meaning: 'another Resource Manager, https only',
  }),
  AZURE_TIMEOUT_MS: withDefault({
    parse: timeoutMillis,
    fallback: '10000',
    meaning: "deadline for listing one tenant's subscriptions, in milliseconds",
  }),
  GOOGLE_CLIENT_ID: optional({
    parse: text,
    meaning: 'client id of the OAuth client in the Google Cloud console',
  }),
  GOOGLE_CLIENT_SECRET: optional({
    parse: text,
    meaning: 'client secret of that OAuth client',
    secret: true,
  }),
  GOOGLE_ISSUER: withDefault({
    parse: secureUrl,
    fallback: 'https://accounts.google.com',
    meaning: 'another OpenID issuer in the place of Google',
  }),
  AWS_ACCOUNT_ID: optional({
    parse: awsAccountId,
    meaning: 'the AWS account that assumes roles, twelve digits; it is what their trust policies name',
  }),
  AWS_REGION: withDefault({ parse: awsRegion, fallback: 'us-east-1', meaning: 'region of the STS endpoint' }),
  AWS_ACCESS_KEY_ID: optional({
    parse: text,
    defaultNote: 'as the AWS SDK finds them',
    meaning: 'access key that assumes roles; unset, the SDK looks for a profile or the role of the machine',
  }),
  AWS_SECRET_ACCESS_KEY: optional({ parse: text, meaning: 'secret of that access key', secret: true }),
  AWS_SESSION_TOKEN: optional({
    parse: text,
    meaning: 'session token of temporary access keys',
    secret: true,
  }),
  AWS_ENDPOINT_URL_STS: optional({
    parse: secureUrl,
    defaultNote: "AWS's own",
    meaning: 'another STS endpoint, https, or http on this machine',
  }),
  AWS_EXTERNAL_ID: optional({
    parse: externalId,
    defaultNote: 'one per user',
    meaning:
      'one external id for everybody, as the original had it: whoever knows the ARN of a role can connect it',
  }),
  SANDBOX: withDefault({
    parse: oneOf('auto', 'on', 'off'),
    fallback: 'auto',
    meaning:
      'on, off or auto: the pretend clouds on loopback; auto: on when no cloud is configured, never in production',
  }),
  INTROSPECTION: optional({
    parse: oneOf('on', 'off'),
    defaultNote: 'on outside production',
    meaning: 'on or off: whether GraphQL answers questions about its schema',
  }),
  PERSISTED_OPERATIONS: withDefault({
    parse: oneOf('off', 'log', 'only'),
    fallback: 'off',
    meaning:
      'off; only: GraphQL answers the operations of the manifests and no others; log: it answers all, and logs those',
  }),
  PERSISTED_OPERATIONS_MANIFEST: optional({
    parse: operationManifests,
    defaultNote: "the console's alone",
    meaning:
      "files, separated by commas, with the operations of front ends of your own, beside the console's",
  }),
  RATE_LIMIT: withDefault({
    parse: oneOf('on', 'off'),
    fallback: 'on',
    meaning:
      'on or off: whether requests are limited per client and per session; off behind a gateway that does so',
  }),
  METRICS_PORT: optional({
    parse: port,
    meaning: 'port of HOST on which Prometheus metrics are served at /metrics; 0 takes a free one',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional({
    parse: webUrl,
    meaning:
      'an OpenTelemetry collector that takes traces over HTTP: http://host:4318; its own OTEL_* variables for the service, the exporter and its headers work as its documentation says',
  }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: optional({
    parse: webUrl,
    defaultNote: '<OTEL_EXPORTER_OTLP_ENDPOINT>/v1/traces',
    meaning: 'the whole URL to which traces are sent',
  }),
  OTEL_TRACES_SAMPLER: withDefault({
    parse: oneOf(
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ),
    fallback: 'parentbased_always_on',
    meaning: 'which requests are traced, in the words of OpenTelemetry; parentbased: as the caller says',
  }),
  OTEL_TRACES_SAMPLER_ARG: withDefault({
    parse: fraction,
    fallback: '1',
    meaning: 'the share of requests that traceidratio traces, 0 to 1',
  }),
  OTEL_SDK_DISABLED: withDefault({
    parse: oneOf('true', 'false'),
    fallback: 'false',
    meaning: 'true: no traces, whatever else is set',
  }),
  LOG_LEVEL: withDefault({
    parse: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    fallback: 'info',
    meaning: 'the least level that is logged: trace, debug, info, warn, error, fatal or silent',
  }),
};

type Settings = typeof settings;
export type SettingName = keyof Settings;
type Value<N extends SettingName> =
  | ReturnType<Settings[N]['parse']>
  | (Settings[N]['optional'] extends true ? undefined : never);
export type Values = { [N in SettingName]: Value<N> };

/** Where traces go, and which requests have one. */
export type TracingConfig = {
  url: string;
  sampler: { name: Values['OTEL_TRACES_SAMPLER']; ratio: number };
};

/** The whole configuration, checked. */
export type Config = CloudConfigs & {
  production: boolean;
  port: number;
  host: string;
  /** Undefined: `http://localhost:<the port listened on>`. */
  appBaseUrl: string | undefined;
  /** Undefined: the built-in console. */
  frontendUrl: string | undefined;
  corsOrigins: string[];
  /** Undefined only with the sandbox, which generates one. */
  sessionSecrets: string[] | undefined;
  sessionStore: StoreLocation;
  /** Replicas of a Redis store that must hold a write before it is acknowledged. */
  redisWaitReplicas: number;
  sessionIdleMinutes: number;
  sessionAbsoluteHours: number;
  trustedProxies: string[] | undefined;
  tokenExposure: 'full' | 'none';
  /** Known also where AWS is not configured: the sandbox has to trust it. */
  awsExternalId: string | undefined;
  sandbox: boolean;
  introspection: boolean;
  persistedOperations: 'off' | 'log' | 'only';
  /** The operations of front ends, beside the console's own. */
  frontEndOperations: PersistedOperation[];
  rateLimit: boolean;
  /** Undefined: metrics are not served. */
  metricsPort: number | undefined;
  /** Undefined: requests are not traced. */
  tracing: TracingConfig | undefined;
  logLevel: string;
  /** Every secret that is set, for the log to hide. */
  secrets: string[];
  /** The same configuration with some variables replaced: how the sandbox puts itself in the clouds' place. */
  with(variables: Record<string, string>): Config;
};

/** What is wrong with one variable; the problem completes the sentence "NAME ...". */
export type Fault = { name: SettingName; problem: string };

/** All that is wrong with the configuration, at once; the message lists each variable with its mend. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    const lines = faults.map(
      (fault) => `  ${fault.name} ${fault.problem}\n      ${settings[fault.name].meaning}`,
    );
    super(
      `The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${lines.join('\n')}`,
    );
    this.faults = faults;
  }
}

/**
 * Reads and checks the configuration. Unset and empty variables are the same.
 *
 * @throws ConfigError with every fault, not only the first
 */
export function readConfig(environment: Environment): Config {
  const { values: parsed, faults } = parseSettings(settings, environment);
  const values = parsed as Values;
  const production = values.NODE_ENV === 'production';
  const ofACloud = settingOfACloud(values, faults);
  const sandbox = values.SANDBOX === 'on' || (values.SANDBOX === 'auto' && !ofACloud && !production);

  const sandboxHint =
    ofACloud && !production
      ? ` (the sandbox needs none, but is off as ${ofACloud} is set; SANDBOX=on keeps it)`
      : '';
  const missing = (name: SettingName, problem: string) => {
    if (values[name] === undefined && !faults.some((fault) => fault.name === name))
      faults.push({ name, problem });
  };
  if (production && values.SANDBOX === 'on') {
    faults.push({
      name: 'SANDBOX',
      problem: 'must not be on with NODE_ENV=production: anybody could sign in as anyone',
    });
  }
  if (!sandbox || production)
    missing('SESSION_SECRET', `is missing: generate one with \`openssl rand -base64 48\`${sandboxHint}`);
  if (production) missing('TOKEN_EXPOSURE', 'is missing: in production say full or none explicitly');
  const { APP_BASE_URL: gatewayUrl, FRONTEND_URL: frontendUrl } = values;
  if (gatewayUrl && frontendUrl && !isSameSite(gatewayUrl, frontendUrl)) {
    faults.push({
      name: 'FRONTEND_URL',
      problem: `must be on one site with APP_BASE_URL (${gatewayUrl}), or browsers keep the session cookie from its pages: the same scheme, and the same domain that is registered (app.example.com and api.example.com; localhost and 127.0.0.1 are two)`,
    });
  }
  if (values.METRICS_PORT === values.PORT && values.PORT !== 0)
    faults.push({ name: 'METRICS_PORT', problem: `must be another port than PORT (${values.PORT})` });
  const ofClouds = production && !ofACloud ? noCloudFaults() : sandbox ? [] : cloudFaults(values);
  for (const { name, problem } of ofClouds) missing(name, problem);
  if (faults.length > 0) throw new ConfigError(faults);

  return {
    production,
    port: values.PORT,
    host: values.HOST,
    appBaseUrl: values.APP_BASE_URL,
    frontendUrl: values.FRONTEND_URL,
    corsOrigins: values.CORS_ORIGINS,
    sessionSecrets: values.SESSION_SECRET,
    sessionStore: values.SESSION_STORE,
    redisWaitReplicas: values.REDIS_WAIT_REPLICAS,
    sessionIdleMinutes: values.SESSION_IDLE_MINUTES,
    sessionAbsoluteHours: values.SESSION_ABSOLUTE_HOURS,
    trustedProxies: values.TRUST_PROXY,
    tokenExposure: values.TOKEN_EXPOSURE ?? 'full',
    ...cloudConfigs(values),
    awsExternalId: values.AWS_EXTERNAL_ID,
    sandbox,
    introspection: values.INTROSPECTION ? values.INTROSPECTION === 'on' : !production,
    persistedOperations: values.PERSISTED_OPERATIONS,
    frontEndOperations: values.PERSISTED_OPERATIONS_MANIFEST ?? [],
    rateLimit: values.RATE_LIMIT === 'on',
    metricsPort: values.METRICS_PORT,
    tracing: tracingConfig(values),
    logLevel: values.LOG_LEVEL,
    secrets: secretsIn(values),
    with: (variables) => readConfig({ ...environment, ...variables }),
  };
}

const secretsIn = (values: Values): string[] =>
  settingNames
    .filter((name) => 'secret' in settings[name])
    .flatMap((name): unknown[] => [values[name]].flat())
    .filter((value) => typeof value === 'string');

function tracingConfig(values: Values): TracingConfig | undefined {
  const collector = values.OTEL_EXPORTER_OTLP_ENDPOINT;
  const url = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (collector && `${collector}/v1/traces`);
  if (url === undefined || values.OTEL_SDK_DISABLED === 'true') return undefined;
  return { url, sampler: { name: values.OTEL_TRACES_SAMPLER, ratio: values.OTEL_TRACES_SAMPLER_ARG } };
}

export const settingNames = Object.keys(settings) as SettingName[];
