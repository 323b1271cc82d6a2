import {
  type CloudConfigs,
  cloudConfigs,
  cloudFaults,
  noCloudFaults,
  settingOfACloud,
} from './config-clouds.ts';
import type { PersistedOperation } from './config-manifest.ts';
import { type Environment, parseSettings } from './config-setting.ts';
import { type SettingName, settingNames, settings, type Values } from './config-settings.ts';
import { isSameSite } from './config-site.ts';
import type { StoreLocation } from './config-store.ts';

export type { AwsConfig, AzureConfig, GoogleConfig } from './config-clouds.ts';
export type { Environment } from './config-setting.ts';

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
  /** How many processes answer at the port. */
  workers: number;
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
  /** Whether `GET /graphql` is a playground to a browser. */
  graphqlIde: boolean;
  introspection: boolean;
  persistedOperations: 'off' | 'log' | 'only';
  /** The operations of front ends, beside the console's own. */
  frontEndOperations: PersistedOperation[];
  rateLimit: boolean;
  hotPath: boolean;
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
    workers: values.WORKERS,
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
    graphqlIde: isOn(values.GRAPHQL_IDE, !production),
    introspection: isOn(values.INTROSPECTION, !production),
    persistedOperations: values.PERSISTED_OPERATIONS,
    frontEndOperations: values.PERSISTED_OPERATIONS_MANIFEST ?? [],
    rateLimit: values.RATE_LIMIT === 'on',
    hotPath: values.HOT_PATH === 'on',
    metricsPort: values.METRICS_PORT,
    tracing: tracingConfig(values),
    logLevel: values.LOG_LEVEL,
    secrets: secretsIn(values),
    with: (variables) => readConfig({ ...environment, ...variables }),
  };
}

const isOn = (value: 'on' | 'off' | undefined, fallback: boolean): boolean =>
  value === undefined ? fallback : value === 'on';

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
