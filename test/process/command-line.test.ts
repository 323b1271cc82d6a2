import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingNames, settings } from '../../src/config-settings.ts';
import { Browser } from '../support/browser.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { runGateway, startGatewayProcess } from './gateway-process.ts';

const azure = {
  AZURE_CLIENT_ID: 'client',
  AZURE_CLIENT_SECRET: 'canary-client-secret',
  AZURE_TENANT_ID: 'organizations',
  SESSION_SECRET: 'canary-secret-of-32-characters-or-more',
};

test('with no settings it starts, and prints where the console is and what to do there', async () => {
  using folder = createTemporaryFolder();
  await using gateway = await startGatewayProcess({ folder: folder.path });
  expect(gateway.output()).toContain('sign in as John Doe');
  expect(gateway.output()).toMatch(/^ +Clouds +Azure, Google, AWS$/m);
  expect(gateway.output()).toContain(`Playground  ${gateway.url}/graphql\n`);

  const browser = new Browser(gateway.url);
  const page = await browser.fetch('/');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await browser.json('/api/user')).toEqual({ logged_in: false });
});

test.each(['--help', '-h'])(
  '%s lists every setting with its meaning, whatever the settings are',
  async (flag) => {
    using folder = createTemporaryFolder();
    const { code, stdout, stderr } = await runGateway({
      folder: folder.path,
      env: { PORT: 'abc', SESSION_SECRET: 'canary' },
      flags: [flag],
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of settingNames) {
      expect(stdout).toMatch(new RegExp(`^  ${name}$`, 'm'));
      expect(stdout).toContain(settings[name].meaning);
    }
    expect(stdout).not.toContain('canary');
  },
);

test('--print-config shows what is in force and hides the secrets', async () => {
  using folder = createTemporaryFolder();
  const { code, stdout, stderr } = await runGateway({
    folder: folder.path,
    env: {
      SESSION_SECRET: 'canary-one-of-32-characters-or-more,canary-two-of-32-characters-or-more',
      AZURE_CLIENT_ID: 'client',
      AZURE_CLIENT_SECRET: 'canary-client-secret',
      AZURE_TENANT_ID: 'organizations',
    },
    flags: ['--print-config'],
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('canary');
  expect(stdout).toMatch(/^SESSION_SECRET=\(set, hidden\)$/m);
  expect(stdout).toMatch(/^AZURE_CLIENT_SECRET=\(set, hidden\)$/m);
  expect(stdout).toMatch(/^AZURE_TENANT_ID=organizations$/m);
  expect(stdout.match(/^[A-Z_]+(?==)/gm)).toEqual(settingNames);
  expect(readdirSync(folder.path)).toEqual([]);
});

test.each([
  { env: {}, says: 'SANDBOX=on    # auto: no cloud is configured' },
  { env: { SANDBOX: 'auto', ...azure }, says: 'SANDBOX=off    # auto: a cloud is configured' },
  {
    env: { NODE_ENV: 'production', TOKEN_EXPOSURE: 'none', ...azure },
    says: 'SANDBOX=off    # auto: never in production',
  },
  { env: { SANDBOX: 'on' }, says: 'SANDBOX=on' },
])('--print-config says why: $says', async ({ env, says }) => {
  using folder = createTemporaryFolder();
  const { stdout } = await runGateway({ folder: folder.path, env, flags: ['--print-config'] });
  expect(stdout.split('\n')).toContain(says);
});

test('--print-config reports the faults of a configuration that cannot be used', async () => {
  using folder = createTemporaryFolder();
  const env = { PORT: 'abc' };
  const { code, stdout, stderr } = await runGateway({ folder: folder.path, env, flags: ['--print-config'] });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('PORT must be');
});

test.each(['--prot=80', 'production'])('%s, which it does not know, is refused by name', async (flag) => {
  using folder = createTemporaryFolder();
  const { code, stdout, stderr } = await runGateway({ folder: folder.path, flags: [flag] });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`'${flag.split('=')[0]}'`);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a .env file in the working folder is read, and the environment goes before it', async () => {
  using folder = createTemporaryFolder();
  const lines = ['SESSION_IDLE_MINUTES=7', 'LOG_LEVEL=error', 'AZURE_CLIENT_SECRET="canary-client-secret"'];
  writeFileSync(join(folder.path, '.env'), `# settings\n${lines.join('\n')}\nAZURE_CLIENT_ID=client\n`);
  const env = {
    LOG_LEVEL: 'warn',
    AZURE_TENANT_ID: 'organizations',
    SESSION_SECRET: 'canary-secret-of-32-characters-or-more',
  };
  const { code, stdout } = await runGateway({ folder: folder.path, env, flags: ['--print-config'] });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^SESSION_IDLE_MINUTES=7$/m);
  expect(stdout).toMatch(/^LOG_LEVEL=warn$/m);
  expect(stdout).toMatch(/^AZURE_CLIENT_ID=client$/m);
  expect(stdout).not.toContain('canary');
});

test('where its log is collected every line is JSON, from listening with what is offered to stopped', async () => {
  using folder = createTemporaryFolder();
  await using gateway = await startGatewayProcess({ folder: folder.path, env: azure });
  gateway.signal('SIGTERM');
  const { code, stdout } = await gateway.ended;
  expect(code).toBe(0);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const events = lines.filter(({ level }) => level === 'info');
  const port = Number(new URL(gateway.url).port);
  expect(events[0]).toMatchObject({
    msg: 'Listening',
    url: gateway.url,
    host: '127.0.0.1',
    port,
    clouds: ['Azure'],
  });
  expect(events.slice(-2).map(({ msg }) => msg)).toEqual(['Draining', 'Stopped']);
});

test('a person is told which clouds are not offered, and where it listens behind another URL', async () => {
  using folder = createTemporaryFolder();
  const env = { SANDBOX: 'on', GRAPHQL_IDE: 'off', APP_BASE_URL: 'http://localhost:5000' };
  await using gateway = await startGatewayProcess({ folder: folder.path, env });
  expect(gateway.output()).toMatch(/^ {2}Listens on 127\.0\.0\.1:\d+$/m);
  expect(gateway.output()).not.toContain('Playground');
});
