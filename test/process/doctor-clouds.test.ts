import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { describe, expect, test } from 'vitest';
import { createTlsIdentity, startHttpsServer, type TlsIdentity } from '../doubles/https-server.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { closedPort, mostMillis, reportOf, useDoctorWorld } from './doctor-world.ts';
import { runGateway } from './gateway-process.ts';

const world = useDoctorWorld();

/** An OpenID issuer that is Google's sandbox by its metadata, with a clock of its own. */
async function startIssuer(tls: TlsIdentity, headers: Record<string, string>) {
  const { GOOGLE_ISSUER } = world.sandbox.env;
  const server = await startHttpsServer(tls, async ({ url }) => ({
    status: 200,
    headers,
    body: {
      issuer: url.origin,
      authorization_endpoint: `${GOOGLE_ISSUER}/authorize`,
      token_endpoint: `${url.origin}/token`,
      jwks_uri: `${url.origin}/keys`,
    },
  }));
  return server;
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toUTCString();
const googleAlone = {
  AZURE_CLIENT_ID: undefined,
  AZURE_CLIENT_SECRET: undefined,
  AZURE_TENANT_ID: undefined,
};

describe('Azure', () => {
  test('a wrong client secret is told from an application that is not known', async () => {
    const wrong = await world.examine({ AZURE_CLIENT_SECRET: 'canary-client-secret' });
    expect(wrong.code).toBe(1);
    expect(reportOf(wrong.stdout, 'Azure subscriptions')).toMatch(
      /client secret: it is wrong \(AADSTS7000215\)\n +Mend: .*AZURE_CLIENT_SECRET: entra\.microsoft\.com/,
    );

    world.sandbox.faults.set('azure.token.client_credentials', {
      status: 400,
      body: { error: 'unauthorized_client', error_description: 'AADSTS700016: Application was not found' },
    });
    const unknown = await world.examine();
    expect(unknown.code).toBe(1);
    expect(reportOf(unknown.stdout, 'Azure subscriptions')).toMatch(
      /no such application .*\(AADSTS700016\)\n +Mend: check AZURE_CLIENT_ID/,
    );
  });

  test('an expired client secret says where a new one is made', async () => {
    world.sandbox.faults.set('azure.token.client_credentials', {
      status: 401,
      body: {
        error: 'invalid_client',
        error_description: 'AADSTS7000222: The provided client secret keys expired',
      },
    });
    const { code, stdout } = await world.examine();
    expect(code).toBe(1);
    expect(reportOf(stdout, 'Azure subscriptions')).toMatch(
      /expired \(AADSTS7000222\)\n +Mend: make a new one/,
    );
  });

  test('a tenant whose subscriptions may not be listed names the role; one with none is a warning', async () => {
    world.sandbox.faults.set('arm.subscriptions', {
      status: 403,
      body: { error: { code: 'AuthorizationFailed' } },
    });
    const denied = await world.examine();
    expect(denied.code).toBe(1);
    expect(reportOf(denied.stdout, 'Azure subscriptions')).toMatch(
      /\(403\)\n +Mend: give it the Reader role/,
    );

    world.sandbox.faults.clear();
    const empty = '77777777-7777-4777-8777-777777777777';
    world.sandbox.addTenant({ id: empty, subscriptions: [] });
    const none = await world.examine({ AZURE_TENANT_ID: empty });
    expect(none.code, none.stdout).toBe(0);
    expect(reportOf(none.stdout, 'Azure subscriptions')).toMatch(
      /Look: .* no subscription.*\n +Mend: .*Reader role/,
    );
  });

  test('a tenant that does not exist names AZURE_TENANT_ID', async () => {
    const { code, stdout } = await world.examine({ AZURE_TENANT_ID: 'nobody.example.com' });
    expect(code).toBe(1);
    expect(reportOf(stdout, 'Microsoft sign-in')).toMatch(/AADSTS90002\)\n +Mend: set AZURE_TENANT_ID/);
  });
});

describe('sign-in', () => {
  test('redirect URIs that are not registered are named with the page on which they are', async () => {
    const { code, stdout } = await world.examine({ APP_BASE_URL: 'http://gateway.example.com' });
    expect(code).toBe(1);
    const report = reportOf(stdout, 'Redirect URIs');
    expect(report).toMatch(
      /Microsoft does not know the redirect URI http:\/\/gateway\.example\.com\/getAToken\n +Mend: register it: entra\.microsoft\.com .*APP_BASE_URL/,
    );
    expect(report).toMatch(
      /gateway\.example\.com\/google\/callback\n +Mend: register it: console\.cloud\.google\.com/,
    );
  });

  test('a client that Google does not know names GOOGLE_CLIENT_ID', async () => {
    const { code, stdout } = await world.examine({ GOOGLE_CLIENT_ID: 'nobody' });
    expect(code).toBe(1);
    expect(reportOf(stdout, 'Redirect URIs')).toMatch(
      /Google does not know .*\n +Mend: check GOOGLE_CLIENT_ID/,
    );
  });

  test('an issuer on which nobody listens is named with its variable', async () => {
    const issuer = `https://127.0.0.1:${await closedPort()}`;
    const { code, stdout } = await world.examine({ GOOGLE_ISSUER: issuer });
    expect(code).toBe(1);
    expect(reportOf(stdout, 'Google sign-in')).toMatch(/connection refused\)\n +Mend: check GOOGLE_ISSUER/);
  });

  test('an answer that does not come is cut off, and meanwhile it is said what is waited for', async () => {
    world.sandbox.faults.set('google.discovery', { delayMs: 60_000 });
    const { code, stdout } = await world.examine();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}… +Google sign-in: running/m);
    expect(reportOf(stdout, 'Google sign-in')).toContain('did not answer in time');
  });

  test('a clock that is off is a fault, but not an answer that a cache has kept', async () => {
    const tls = await createTlsIdentity();
    world.trust(tls.cert);
    await using late = await startIssuer(tls, { date: minutesAgo(5) });
    const off = await world.examine({ ...googleAlone, GOOGLE_ISSUER: late.origin });
    expect(off.code).toBe(1);
    expect(reportOf(off.stdout, 'Clock')).toMatch(/ahead of the providers'.*\n +Mend: .*timedatectl/);

    await using kept = await startIssuer(tls, { date: minutesAgo(5), age: '300' });
    const { stdout } = await world.examine({ ...googleAlone, GOOGLE_ISSUER: kept.origin });
    expect(reportOf(stdout, 'Clock')).toMatch(/^ {2}ok /);
  });
});

describe('certificates', () => {
  test('one that is not trusted names NODE_EXTRA_CA_CERTS, and that .env is no place for it', async () => {
    const unset = await world.examine({ NODE_EXTRA_CA_CERTS: undefined });
    expect(unset.code).toBe(1);
    for (const title of ['Microsoft sign-in', 'Google sign-in', 'Azure subscriptions', 'AWS'])
      expect(reportOf(unset.stdout, title)).toMatch(/trusts\n +Mend: set NODE_EXTRA_CA_CERTS/);

    using folder = createTemporaryFolder();
    const { NODE_EXTRA_CA_CERTS, ...env } = world.env();
    writeFileSync(join(folder.path, '.env'), `NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS}\n`);
    const { code, stdout } = await runGateway({ folder: folder.path, env, flags: ['--doctor'] }, mostMillis);
    expect(code).toBe(1);
    expect(reportOf(stdout, 'AWS')).toContain('NODE_EXTRA_CA_CERTS is in .env, where it does nothing');
  });

  test('the one of APP_BASE_URL has to be trusted, and be for its name; what answers has to be the gateway', async () => {
    const tls = await createTlsIdentity();
    await using proxy = await startHttpsServer(tls, async () => ({ status: 200, body: { status: 'other' } }));
    const untrusted = await world.examine({ APP_BASE_URL: proxy.origin });
    expect(untrusted.code).toBe(1);
    expect(reportOf(untrusted.stdout, 'Public URL')).toMatch(
      /trusts\n +Mend: NODE_EXTRA_CA_CERTS names .*clouds\.pem/,
    );

    world.trust(tls.cert);
    const misnamed = await world.examine({ APP_BASE_URL: proxy.origin.replace('localhost', '127.0.0.1') });
    expect(misnamed.code).toBe(1);
    expect(reportOf(misnamed.stdout, 'Public URL')).toMatch(/another name\n +Mend: check APP_BASE_URL/);

    const stranger = await world.examine({ APP_BASE_URL: proxy.origin });
    expect(stranger.code, stranger.stdout).toBe(0);
    expect(reportOf(stranger.stdout, 'Public URL')).toContain('is not this gateway');
  });

  test('one of APP_BASE_URL that ends within 14 days is a warning', async () => {
    const end = new Date(Date.now() + 10 * 86_400_000);
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'soon over' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      notAfterDate: end,
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
      ],
    });
    world.trust(cert);
    const body = { status: 'ok' };
    await using proxy = await startHttpsServer({ key, cert }, async () => ({ status: 200, body }));
    const { code, stdout } = await world.examine({ APP_BASE_URL: proxy.origin });
    expect(code, stdout).toBe(0);
    const day = end.toISOString().slice(0, 10);
    expect(reportOf(stdout, 'Public URL')).toContain(`Look: the certificate ends on ${day}`);
    expect(reportOf(stdout, 'Public URL')).not.toContain('not this gateway');
  });
});

describe('AWS', () => {
  test.each([
    {
      what: 'a secret that does not belong to the key',
      changes: { AWS_SECRET_ACCESS_KEY: 'canary-of-another-key' },
      says: /does not belong .*\n +Mend: copy AWS_SECRET_ACCESS_KEY anew/,
    },
    {
      what: 'a key that is not known',
      changes: { AWS_ACCESS_KEY_ID: 'AKIANOBODY' },
      says: /no such access key\n +Mend: check AWS_ACCESS_KEY_ID/,
    },
    {
      what: 'no credentials',
      changes: { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
      says: /there are no AWS credentials\n +Mend: set AWS_ACCESS_KEY_ID/,
    },
  ])('$what has its own mend', async ({ changes, says }) => {
    const { code, stdout } = await world.examine(changes);
    expect(code).toBe(1);
    expect(reportOf(stdout, 'AWS')).toMatch(says);
  });

  test('a signature that comes too late is put down to the clock', async () => {
    const message = 'Signature expired: 20260101T000000Z';
    const xml = `<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>${message}</Message></Error></ErrorResponse>`;
    const tls = await createTlsIdentity();
    world.trust(tls.cert);
    await using sts = await startHttpsServer(tls, async () => ({
      status: 403,
      write: (response) => response.writeHead(403, { 'content-type': 'text/xml' }).end(xml),
    }));
    const { code, stdout } = await world.examine({ AWS_ENDPOINT_URL_STS: sts.origin });
    expect(code).toBe(1);
    expect(reportOf(stdout, 'AWS')).toMatch(/the clock of this machine is off\n +Mend: set it/);
  });

  test('those of another account name both', async () => {
    const { code, stdout } = await world.examine({ AWS_ACCOUNT_ID: '999999999999' });
    expect(code).toBe(1);
    expect(reportOf(stdout, 'AWS')).toMatch(
      /account 123456789012, and AWS_ACCOUNT_ID is 999999999999\n +Mend: set AWS_ACCOUNT_ID=123456789012/,
    );
  });

  test('an STS that cannot be reached names the endpoint’s variables', async () => {
    const { code, stdout } = await world.examine({
      AWS_ENDPOINT_URL_STS: `https://127.0.0.1:${await closedPort()}`,
    });
    expect(code).toBe(1);
    expect(reportOf(stdout, 'AWS')).toMatch(
      /connection refused\)\n +Mend: check AWS_REGION and AWS_ENDPOINT_URL_STS/,
    );
  });
});
