import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { closedPort, mostMillis, reportOf, startOtherProgram, useDoctorWorld } from './doctor-world.ts';
import { runGateway, startGatewayProcess } from './gateway-process.ts';

const world = useDoctorWorld();

test('with nothing set all is well on the sandbox, and nothing is left behind', async () => {
  using folder = createTemporaryFolder();
  const { code, stdout, stderr } = await runGateway(
    { folder: folder.path, env: { PORT: '0' }, flags: ['--doctor'] },
    mostMillis,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toMatch(/FAULT|warning/);
  expect(stdout).toContain('Nothing is wrong.');
  expect(stdout).not.toContain('\u001b');
  expect(readdirSync(folder.path)).toEqual([]);
});

test('with clouds that are right all is well, each check saying what it looked at', async () => {
  const { code, stdout } = await world.examine();
  expect(code, stdout).toBe(0);
  expect(reportOf(stdout, 'Redirect URIs')).toContain(
    'Microsoft: http://localhost:5000/getAToken (accepted)',
  );
  expect(reportOf(stdout, 'Redirect URIs')).toContain('/google/callback (accepted)');
  expect(reportOf(stdout, 'Azure subscriptions')).toMatch(/^ {2}ok .*: 2$/);
  expect(reportOf(stdout, 'AWS')).toContain('account 123456789012');
  expect(reportOf(stdout, 'Clock')).toMatch(/^ {2}ok /);
  expect(stdout.match(/^ {2}(?:ok|-|warning|FAULT) +[A-Z]/gm)).toHaveLength(13);
});

test('a gateway that runs already is recognised at its port, and its store left as it is', async () => {
  await using gateway = await startGatewayProcess({ folder: world.folder, env: world.env() });
  const { code, stdout } = await world.examine({ PORT: new URL(gateway.url).port });
  expect(code, stdout).toBe(0);
  expect(reportOf(stdout, 'Port')).toContain('the gateway seems to be running there already');
});

test('a cloud that is not configured is no fault', async () => {
  const none = { GOOGLE_CLIENT_ID: undefined, GOOGLE_CLIENT_SECRET: undefined, AWS_ACCOUNT_ID: undefined };
  const { code, stdout } = await world.examine(none);
  expect(code, stdout).toBe(0);
  expect(reportOf(stdout, 'Google sign-in')).toBe(
    '  -       Google sign-in: not configured (GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET)',
  );
});

describe('the configuration', () => {
  test('every fault is listed with its mend, and what may be misspelt', async () => {
    const { code, stdout } = await world.examine({
      LOG_LEVEL: 'loud',
      AZURE_CLIENT_ID: undefined,
      AZURE_CLIENTID: 'client',
      SESSION_SECRET: 'canary-short',
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /Wrong: LOG_LEVEL must be one of trace, .*\n +Mend: set LOG_LEVEL to: the least level/,
    );
    expect(stdout).toContain('Wrong: AZURE_CLIENT_ID is missing');
    expect(stdout).toMatch(/Look: AZURE_CLIENTID is set, .*\n +Mend: did you mean AZURE_CLIENT_ID\?/);
    expect(stdout).toContain('3 faults to mend, 1 warning.');
  });

  test('what is unsafe and what nobody reads are warnings, which fail nothing', async () => {
    const { code, stdout } = await world.examine({
      CORS_ORIGIN: 'http://localhost:5173',
      TOKEN_EXPOSURE: 'full',
    });
    expect(code, stdout).toBe(0);
    const report = reportOf(stdout, 'Configuration');
    expect(report).toContain('did you mean CORS_ORIGINS?');
    expect(report).toContain('TOKEN_EXPOSURE=full');
  });
});

describe('the front end', () => {
  test('pages on 127.0.0.1 are another site than a gateway on localhost', async () => {
    const { code, stdout } = await world.examine({
      APP_BASE_URL: 'http://localhost:5000',
      CORS_ORIGINS: 'http://127.0.0.1:3000',
    });
    expect(code).toBe(1);
    expect(reportOf(stdout, 'Front end')).toContain('localhost and 127.0.0.1 are two sites');
    expect(reportOf(stdout, 'Front end')).toContain(
      'CORS_ORIGINS (or FRONTEND_URL) with http://localhost:3000',
    );
  });

  test('https pages are another site than a gateway on http', async () => {
    const { code, stdout } = await world.examine({
      APP_BASE_URL: 'http://localhost:5000',
      CORS_ORIGINS: 'https://localhost:3000',
    });
    expect(code).toBe(1);
    expect(reportOf(stdout, 'Front end')).toMatch(
      /https and http are two sites\n +Mend: serve both over https/,
    );
  });

  test('one that is not there, and a port that is not the gateway’s, are warnings', async () => {
    const { code, stdout } = await world.examine({
      PORT: String(await closedPort()),
      APP_BASE_URL: 'http://localhost:1',
      FRONTEND_URL: `http://localhost:${await closedPort()}`,
    });
    expect(code, stdout).toBe(0);
    expect(reportOf(stdout, 'Front end')).toContain(
      'the front end cannot be reached from here: nobody listens',
    );
    expect(reportOf(stdout, 'Front end')).toContain('APP_BASE_URL names port 1 of this machine');
  });
});

describe('the store', () => {
  test('a folder that may not be written names who has to be let in', async () => {
    // Permissions do not stop root; a file system of the kernel's does.
    const { code, stdout } = await world.examine({ SESSION_STORE: 'lmdb:/sys/sessions' });
    expect(code).toBe(1);
    expect(reportOf(stdout, 'Session store')).toMatch(
      /\/sys\/sessions cannot be used.*\n +Mend: let the user .*SESSION_STORE/,
    );
  });

  test('a folder that is empty is tried, and stays so', async () => {
    using folder = createTemporaryFolder();
    const { code, stdout } = await world.examine({ SESSION_STORE: `lmdb:${folder.path}` });
    expect(code, stdout).toBe(0);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('a file that is no store says so', async () => {
    using folder = createTemporaryFolder();
    writeFileSync(join(folder.path, 'data.mdb'), 'no LMDB environment\n'.repeat(1000));
    const { code, stdout } = await world.examine({ SESSION_STORE: `lmdb:${folder.path}` });
    expect(code).toBe(1);
    expect(reportOf(stdout, 'Session store')).toMatch(/is damaged\n +Mend: restore data\.mdb/);
  });

  test('a Redis that is not there is named, without the password in its URL', async () => {
    const port = await closedPort();
    const { code, stdout } = await world.examine({ SESSION_STORE: `redis://user:canary@127.0.0.1:${port}` });
    expect(code).toBe(1);
    expect(reportOf(stdout, 'Session store')).toContain(`nobody listens on 127.0.0.1:${port}`);
    expect(reportOf(stdout, 'Session store')).toContain('Mend: start Redis there');
  });
});

test('a port that another program has says how to find it', async () => {
  await using other = await startOtherProgram();
  const { code, stdout } = await world.examine({ PORT: String(other.port) });
  expect(code).toBe(1);
  expect(reportOf(stdout, 'Port')).toContain(`port ${other.port} of 127.0.0.1 is taken by another program`);
  expect(reportOf(stdout, 'Port')).toContain(`sport = :${other.port}`);
});
