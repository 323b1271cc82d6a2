import { operationManifests } from './config-manifest.ts';
import { optional, withDefault } from './config-setting.ts';
import { storeLocation } from './config-store.ts';
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
  workerCount,
} from './config-values.ts';

/** Every environment variable that the gateway reads, in the order of `--help`. The only place that names them. */
export const settings = {
  NODE_ENV: withDefault({
    parse: oneOf('development', 'test', 'production'),
    fallback: 'development',
    meaning: 'development, test or production; production refuses unsafe defaults',
  }),
  PORT: withDefault({ parse: port, fallback: '5000', meaning: 'port to listen on; 0 takes a free one' }),
  HOST: withDefault({ parse: text, fallback: '127.0.0.1', meaning: 'address to listen on' }),
  WORKERS: withDefault({
    parse: workerCount,
    fallback: '1',
    meaning:
      'processes that answer at PORT, each on a core of its own: as many as the machine has cores for them, 1 to 64',
  }),
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
  AZURE_CACHE_SECONDS: withDefault({
    parse: wholeNumber(86_400),
    fallback: '30',
    meaning:
      "for how long a tenant's list of subscriptions is answered to everybody without asking Azure again, and held in case that fails; 0: not at all",
  }),
  GOOGLE_CLIENT_ID: optional({
    parse: text,
    meaning: 'client id of the OAuth client in the Google Cloud console',
  }),
  GOOGLE_CLIENT_SECRET: optional({
    parse: text,
    meaning: 'client secret of the OAuth client in the Google Cloud console',
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
  GRAPHQL_IDE: optional({
    parse: oneOf('on', 'off'),
    defaultNote: 'on outside production',
    meaning: 'on or off: whether /graphql is a playground to whoever opens it in a browser',
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
  HOT_PATH: withDefault({
    parse: oneOf('on', 'off'),
    fallback: 'on',
    meaning:
      'on or off: whether what is asked again and again is answered without Express and Apollo; the answers are the same',
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

export const settingNames = Object.keys(settings) as SettingName[];
