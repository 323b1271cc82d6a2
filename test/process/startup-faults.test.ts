import { once } from 'node:events';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settings } from '../../src/config-settings.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type Ended, runGateway } from './gateway-process.ts';

/** What every start that fails has in common: it says why on stderr alone, as a message and not a stack. */
function expectRefusal({ code, signal, stdout, stderr }: Ended): void {
  expect({ code, signal, stdout }).toEqual({ code: 1, signal: null, stdout: '' });
  expect(stderr).not.toMatch(/^\s+at /m);
}

test('production with nothing set lists what is missing, each with its meaning, and starts nothing', async () => {
  using folder = createTemporaryFolder();
  const ended = await runGateway({ folder: folder.path, env: { NODE_ENV: 'production' } });
  expectRefusal(ended);
  const needed = [
    'SESSION_SECRET',
    'TOKEN_EXPOSURE',
    'AZURE_CLIENT_ID',
    'AZURE_CLIENT_SECRET',
    'AZURE_TENANT_ID',
  ] as const;
  for (const name of needed) {
    expect(ended.stderr).toContain(`${name} is missing`);
    expect(ended.stderr).toContain(settings[name].meaning);
  }
  expect(readdirSync(folder.path)).toEqual([]);
});

test('production refuses the sandbox, also when all else is right', async () => {
  using folder = createTemporaryFolder();
  const env = {
    NODE_ENV: 'production',
    SANDBOX: 'on',
    TOKEN_EXPOSURE: 'none',
    SESSION_SECRET: 'a secret of these tests with 32 characters or more',
    AZURE_CLIENT_ID: 'client',
    AZURE_CLIENT_SECRET: 'canary-client-secret',
    AZURE_TENANT_ID: 'organizations',
  };
  const ended = await runGateway({ folder: folder.path, env });
  expectRefusal(ended);
  expect(ended.stderr).toMatch(/1 fault:\n +SANDBOX must not be on with NODE_ENV=production/);
});

test('all wrong values are named at once, and none of the secrets is printed', async () => {
  using folder = createTemporaryFolder();
  const env = {
    PORT: 'abc',
    CORS_ORIGINS: '*',
    SESSION_SECRET: 'canary-short',
    TRUST_PROXY: 'true',
    AZURE_AUTHORITY_HOST: 'http://login.example.com',
    AZURE_TIMEOUT_MS: '-1',
    SESSION_IDLE_MINUTES: 'soon',
    LOG_LEVEL: 'loud',
    SESSION_STORE: 'sessions',
    AZURE_CLIENT_SECRET: 'canary-client-secret',
  };
  const ended = await runGateway({ folder: folder.path, env });
  expectRefusal(ended);
  const { AZURE_CLIENT_SECRET: _, ...wrong } = env;
  for (const name of Object.keys(wrong)) expect(ended.stderr).toMatch(new RegExp(`^  ${name} must `, 'm'));
  expect(ended.stderr).not.toContain('canary');
});

test('one part of the Azure registration asks for the others', async () => {
  using folder = createTemporaryFolder();
  const ended = await runGateway({ folder: folder.path, env: { PORT: '0', AZURE_CLIENT_ID: 'client' } });
  expectRefusal(ended);
  for (const name of ['AZURE_CLIENT_SECRET', 'AZURE_TENANT_ID', 'SESSION_SECRET'])
    expect(ended.stderr).toContain(`${name} is missing`);
});

test('a port that is taken is named', async () => {
  using folder = createTemporaryFolder();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const ended = await runGateway({ folder: folder.path, env: { PORT: String(port) } });
  other.close();
  expectRefusal(ended);
  expect(ended.stderr).toMatch(new RegExp(`in use.*\\b${port}\\b`));
});

/** With a secret of one's own the store is opened first, without one the generated secret is. */
const secrets = [{}, { SESSION_SECRET: 'a secret of these tests with 32 characters or more' }];

test.each(secrets)('a file in the place of the store folder is one line that names it: %o', async (env) => {
  using folder = createTemporaryFolder();
  writeFileSync(join(folder.path, 'taken'), '');
  const store = { SESSION_STORE: 'lmdb:./taken/sessions' };
  const ended = await runGateway({ folder: folder.path, env: { PORT: '0', ...store, ...env } });
  expectRefusal(ended);
  expect(ended.stderr).toMatch(/^.*\.\/taken.*\n$/);
});

test.each(secrets)('a folder that may not be written is one line that names it: %o', async (env) => {
  using folder = createTemporaryFolder();
  chmodSync(folder.path, 0o555);
  // Permissions do not stop root; a file system of the kernel's does.
  const isRoot = process.getuid?.() === 0;
  const ended = await runGateway({ folder: isRoot ? '/sys' : folder.path, env: { PORT: '0', ...env } });
  expectRefusal(ended);
  expect(ended.stderr).toMatch(/^.*\.\/data.*\n$/);
});

test('a store file that is no store is one line that names it', async () => {
  using folder = createTemporaryFolder();
  writeFileSync(join(folder.path, 'data.mdb'), 'no LMDB environment\n'.repeat(1000));
  const env = { PORT: '0', SESSION_STORE: 'lmdb:./' };
  const ended = await runGateway({ folder: folder.path, env });
  expectRefusal(ended);
  expect(ended.stderr).toMatch(/^The session store in \.\/.*\n$/);
});
