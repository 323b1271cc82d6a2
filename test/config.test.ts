import { describe, expect, it } from 'vitest';
import { ConfigError, type Environment, readConfig } from '../src/config.ts';
import { describeSettings, printSettings } from '../src/config-report.ts';
import { settingNames } from '../src/config-settings.ts';

const secret = 'x'.repeat(32);
const azure = {
  AZURE_CLIENT_ID: 'id',
  AZURE_CLIENT_SECRET: 'canary-secret',
  AZURE_TENANT_ID: 'organizations',
};

function faultsOf(environment: Environment): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ name }) => name);
  }
}

describe('the configuration', () => {
  it('needs nothing: it runs against the sandbox with the documented defaults', () => {
    expect(readConfig({})).toMatchObject({
      sandbox: true,
      port: 5000,
      host: '127.0.0.1',
      corsOrigins: ['http://localhost:3000'],
      sessionStore: { kind: 'lmdb', path: './data/sessions' },
      sessionIdleMinutes: 60,
      sessionAbsoluteHours: 12,
      tokenExposure: 'full',
      introspection: true,
      azure: undefined,
    });
  });

  it('takes an empty variable as unset', () => {
    expect(readConfig({ PORT: '', AZURE_CLIENT_ID: ' ' })).toMatchObject({ port: 5000, sandbox: true });
  });

  it('leaves the sandbox off when a cloud is configured', () => {
    const config = readConfig({ ...azure, SESSION_SECRET: `${secret},${'y'.repeat(40)}` });
    expect(config).toMatchObject({ sandbox: false, sessionSecrets: [secret, 'y'.repeat(40)] });
    expect(config.azure).toMatchObject({
      clientId: 'id',
      authorityTenant: 'organizations',
      cloud: 'public',
      timeoutMs: 10000,
    });
  });

  it('names every missing variable of a production start at once', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([
      'SESSION_SECRET',
      'TOKEN_EXPOSURE',
      'AZURE_CLIENT_ID',
      'AZURE_CLIENT_SECRET',
      'AZURE_TENANT_ID',
    ]);
  });

  it('is content with a complete production start, introspection off', () => {
    const config = readConfig({
      NODE_ENV: 'production',
      ...azure,
      SESSION_SECRET: secret,
      TOKEN_EXPOSURE: 'none',
    });
    expect(config).toMatchObject({
      production: true,
      sandbox: false,
      introspection: false,
      tokenExposure: 'none',
    });
  });

  it.each<[string, Environment]>([
    ['PORT', { PORT: '70000' }],
    ['PORT', { PORT: '5000x' }],
    ['APP_BASE_URL', { APP_BASE_URL: 'https://gateway.example/path' }],
    ['APP_BASE_URL', { APP_BASE_URL: 'gateway.example' }],
    ['FRONTEND_URL', { FRONTEND_URL: 'https://app.example/?a=b' }],
    ['FRONTEND_URL', { APP_BASE_URL: 'https://gateway.example', FRONTEND_URL: 'http://gateway.example' }],
    ['FRONTEND_URL', { APP_BASE_URL: 'https://api.one.example', FRONTEND_URL: 'https://app.two.example' }],
    ['FRONTEND_URL', { APP_BASE_URL: 'https://a.github.io', FRONTEND_URL: 'https://b.github.io' }],
    ['FRONTEND_URL', { APP_BASE_URL: 'http://localhost:5000', FRONTEND_URL: 'http://127.0.0.1:3000' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: '*' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'http://localhost:3000,null' }],
    ['SESSION_SECRET', { SESSION_SECRET: 'short' }],
    ['SESSION_SECRET', { SESSION_SECRET: `${secret},short` }],
    ['SESSION_STORE', { SESSION_STORE: 'memory' }],
    ['SESSION_IDLE_MINUTES', { SESSION_IDLE_MINUTES: '0' }],
    ['SESSION_ABSOLUTE_HOURS', { SESSION_ABSOLUTE_HOURS: 'twelve' }],
    ['TRUST_PROXY', { TRUST_PROXY: 'true' }],
    ['TRUST_PROXY', { TRUST_PROXY: '1' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/99' }],
    ['TRUST_PROXY', { TRUST_PROXY: '0.0.0.0/0' }],
    ['TRUST_PROXY', { TRUST_PROXY: '::ffff:10.0.0.1/8' }],
    ['METRICS_PORT', { PORT: '5000', METRICS_PORT: '5000' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'https://*.example.com' }],
    ['TOKEN_EXPOSURE', { TOKEN_EXPOSURE: 'some' }],
    ['AZURE_CLOUD', { AZURE_CLOUD: 'germany' }],
    ['AZURE_AUTHORITY_HOST', { AZURE_AUTHORITY_HOST: 'http://login.example' }],
    ['AZURE_RESOURCE_MANAGER_ENDPOINT', { AZURE_RESOURCE_MANAGER_ENDPOINT: 'http://arm.example' }],
    ['AZURE_TIMEOUT_MS', { AZURE_TIMEOUT_MS: '1.5' }],
    ['AZURE_CACHE_SECONDS', { AZURE_CACHE_SECONDS: '1.5' }],
    ['AZURE_CACHE_SECONDS', { AZURE_CACHE_SECONDS: '86401' }],
    ['GOOGLE_ISSUER', { GOOGLE_ISSUER: 'http://accounts.example' }],
    ['AWS_ACCOUNT_ID', { AWS_ACCOUNT_ID: '12345678901', SESSION_SECRET: secret }],
    ['AWS_REGION', { AWS_REGION: 'us-east-1.evil.example' }],
    ['AWS_ENDPOINT_URL_STS', { AWS_ENDPOINT_URL_STS: 'http://sts.example' }],
    ['AWS_EXTERNAL_ID', { AWS_EXTERNAL_ID: 'with a space' }],
    ['SANDBOX', { SANDBOX: 'maybe' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['NODE_ENV', { NODE_ENV: 'prod' }],
    ['SESSION_IDLE_MINUTES', { SESSION_IDLE_MINUTES: '1e12' }],
    ['SESSION_ABSOLUTE_HOURS', { SESSION_ABSOLUTE_HOURS: '1e-9' }],
  ])('refuses a wrong %s: %j', (name, environment) => {
    expect(faultsOf(environment)).toEqual([name]);
  });

  it.each([
    ['https://gateway.example', 'https://gateway.example:8443/ui'],
    ['https://api.one.example', 'https://app.one.example'],
    ['https://api.one.co.uk', 'https://one.co.uk'],
    ['http://localhost:5000', 'http://localhost:3000'],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:3000'],
  ])('takes %s with a front end of its site, %s', (gateway, frontEnd) => {
    expect(readConfig({ APP_BASE_URL: gateway, FRONTEND_URL: frontEnd }).frontendUrl).toBe(frontEnd);
  });

  it('names the missing parts of a half-configured Azure', () => {
    expect(faultsOf({ ...azure, AZURE_TENANT_ID: '../evil', SESSION_SECRET: secret })).toEqual([
      'AZURE_TENANT_ID',
    ]);
    expect(faultsOf({ AZURE_CLIENT_ID: 'id', SESSION_SECRET: secret })).toEqual([
      'AZURE_CLIENT_SECRET',
      'AZURE_TENANT_ID',
    ]);
  });

  it.each<[string, Environment, string[]]>([
    ['Google without its secret', { GOOGLE_CLIENT_ID: 'id' }, ['GOOGLE_CLIENT_SECRET']],
    ['Google without its id', { GOOGLE_CLIENT_SECRET: 'secret' }, ['GOOGLE_CLIENT_ID']],
    [
      'half an AWS key',
      { AWS_ACCOUNT_ID: '123456789012', AWS_ACCESS_KEY_ID: 'key' },
      ['AWS_SECRET_ACCESS_KEY'],
    ],
    ['an external id for no AWS account', { ...azure, AWS_EXTERNAL_ID: 'constant' }, ['AWS_ACCOUNT_ID']],
  ])('names what is missing of %s', (_what, environment, missing) => {
    expect(faultsOf({ ...environment, SESSION_SECRET: secret })).toEqual(missing);
  });

  it.each<[string, Environment]>([
    ['Google', { GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: 'secret' }],
    ['AWS', { AWS_ACCOUNT_ID: '123456789012' }],
  ])('takes %s as the only cloud of a production start', (_cloud, environment) => {
    const config = readConfig({
      NODE_ENV: 'production',
      SESSION_SECRET: secret,
      TOKEN_EXPOSURE: 'none',
      ...environment,
    });
    expect(config).toMatchObject({ sandbox: false, azure: undefined });
  });

  it('says why the sandbox is off, where a cloud is configured by halves', () => {
    expect(() => readConfig({ GOOGLE_CLIENT_ID: 'id' })).toThrow(/sandbox .* off as GOOGLE_CLIENT_ID is set/);
  });

  it("takes the AWS SDK's own variables for no configured cloud: developers have them anyway", () => {
    const shell = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-central-1' };
    expect(readConfig(shell)).toMatchObject({ sandbox: true, aws: undefined });
  });

  it('takes plain http for servers on this machine alone', () => {
    const config = readConfig({
      GOOGLE_CLIENT_ID: 'id',
      GOOGLE_CLIENT_SECRET: 'secret',
      GOOGLE_ISSUER: 'http://127.0.0.1:4000',
      AWS_ACCOUNT_ID: '123456789012',
      AWS_ENDPOINT_URL_STS: 'http://localhost:4001',
      SESSION_SECRET: secret,
    });
    expect(config.google?.issuer).toBe('http://127.0.0.1:4000');
    expect(config.aws?.stsEndpoint).toBe('http://localhost:4001');
  });

  it('refuses the sandbox in production', () => {
    expect(
      faultsOf({
        NODE_ENV: 'production',
        SANDBOX: 'on',
        ...azure,
        SESSION_SECRET: secret,
        TOKEN_EXPOSURE: 'none',
      }),
    ).toEqual(['SANDBOX']);
  });
});

describe('what is printed of it', () => {
  it('explains every variable in --help', () => {
    const help = describeSettings();
    for (const name of settingNames) expect(help).toContain(`\n  ${name}\n`);
  });

  it('hides secrets in --print-config and in faults', () => {
    const environment = {
      ...azure,
      GOOGLE_CLIENT_ID: 'id',
      GOOGLE_CLIENT_SECRET: 'canary-google',
      AWS_ACCOUNT_ID: '123456789012',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'canary-aws',
      AWS_SESSION_TOKEN: 'canary-aws-session',
      SESSION_SECRET: `canary-${secret}`,
      PORT: '5001',
    };
    const printed = printSettings(environment);
    expect(printed).toContain('AZURE_CLIENT_SECRET=(set, hidden)\n');
    expect(printed).not.toContain('canary');
    const faulty = { ...environment, SESSION_SECRET: 'canary-short' };
    expect(() => readConfig(faulty)).toThrow(/SESSION_SECRET must be/);
    expect(() => readConfig(faulty)).not.toThrow(/canary/);
  });

  it('works out what follows from other settings', () => {
    const printed = printSettings({ PORT: '5001' });
    expect(printed).toContain('PORT=5001\n');
    expect(printed).toMatch(/^APP_BASE_URL=http:\/\/localhost:5001 +#/m);
    expect(printed).toMatch(/^SANDBOX=on +#/m);
    expect(printed).toMatch(/^INTROSPECTION=on +#/m);
  });
});
