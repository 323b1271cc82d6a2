import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';

const SUPPORT = new URL('./support.ts', import.meta.url).href;

test('refuses to start in production', async () => {
  await expect(startSandbox({ nodeEnv: 'production' })).rejects.toThrow('NODE_ENV=production');
});

test('refuses an address that other machines could reach', async () => {
  await expect(startSandbox({ host: '0.0.0.0' })).rejects.toThrow('loopback');
});

test('two sandboxes run side by side, each behind its own certificate', async () => {
  await using one = await startSandbox({});
  await using two = await startSandbox({});
  expect(one.certificate).not.toBe(two.certificate);
  expect(one.env.AZURE_AUTHORITY_HOST).not.toBe(two.env.AZURE_AUTHORITY_HOST);
  expect(one.env.GOOGLE_ISSUER).not.toBe(two.env.GOOGLE_ISSUER);
});

test('close() ends answers in progress and lets the process end; nothing is ever printed', async () => {
  const script = `
    const { createBrowser, REDIRECT_URI, startTrustedSandbox } = await import(${JSON.stringify(SUPPORT)});
    const sandbox = await startTrustedSandbox();
    const { env } = sandbox;
    const discovery = env.AZURE_AUTHORITY_HOST + '/organizations/v2.0/.well-known/openid-configuration';
    const clouds = [
      { metadata: discovery, client_id: env.AZURE_CLIENT_ID, client_secret: env.AZURE_CLIENT_SECRET },
      { metadata: env.GOOGLE_ISSUER + '/.well-known/openid-configuration',
        client_id: env.GOOGLE_CLIENT_ID, client_secret: env.GOOGLE_CLIENT_SECRET },
    ];
    for (const { metadata, client_id, client_secret } of clouds) {
      const { authorization_endpoint, token_endpoint } = await (await fetch(metadata)).json();
      const asked = { client_id, redirect_uri: REDIRECT_URI, response_type: 'code', scope: 'openid',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
      const browser = createBrowser();
      const page = await browser.open(authorization_endpoint + '?' + new URLSearchParams(asked));
      const { url } = await browser.press(page, { name: 'persona', value: 'john' });
      const grant = { client_id, client_secret, grant_type: 'authorization_code', redirect_uri: REDIRECT_URI,
        code: url.searchParams.get('code'), code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' };
      for (const expected of [200, 400]) {
        const { status } = await fetch(token_endpoint, { method: 'POST', body: new URLSearchParams(grant) });
        if (status !== expected) throw new Error(token_endpoint + ' answered ' + status);
      }
    }

    sandbox.faults.set('azure.discovery', { delayMs: 60_000 });
    const pending = fetch(discovery).catch(() => 'cut');
    while (sandbox.calls.count('azure.discovery') < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await sandbox.close();
    if ((await pending) !== 'cut') throw new Error('not cut');
  `;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 8_000,
  });
  expect(await run).toEqual({ stdout: '', stderr: '' });
}, 10_000);
