import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test.each([
  ['a SIGTERM to npm start', (pid: number) => process.kill(pid, 'SIGTERM')],
  // A terminal sends it to all of its group, and npm passes its own on to the gateway, which so has it twice.
  ['a Ctrl-C at the terminal', (pid: number) => process.kill(-pid, 'SIGINT')],
])('%s reaches the gateway, which drains and ends with 0', async (_title, stop) => {
  using folder = createTemporaryFolder();
  const { PATH, HOME } = process.env;
  const npm = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    env: { PATH, HOME, PORT: '0', SANDBOX: 'on', SESSION_STORE: `lmdb:${folder.path}/sessions` },
  });
  const ended = once(npm, 'close');
  const printed = Promise.withResolvers<string>();
  let output = '';
  npm.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    const url = /Console +(http\S+)\/\n/.exec(output)?.[1];
    if (url !== undefined) printed.resolve(url);
  });
  ended.then(() => printed.reject(new Error(`It ended at its start:\n${output}`)));
  const url = await printed.promise;
  expect((await fetch(`${url}/healthz`)).status).toBe(200);

  stop(npm.pid ?? Number.NaN);
  expect(await ended).toEqual([0, null]);
  expect(output).toContain('"Stopped"');
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
});

test('a Node that cannot run TypeScript is told which one can, and no stack', async () => {
  using folder = createTemporaryFolder();
  // What an old one does by itself, this one does when it is told to.
  const old = spawn(process.execPath, ['--no-experimental-strip-types', join(root, 'src/start.cjs')], {
    cwd: folder.path,
    env: {},
  });
  const [stderr, [code]] = await Promise.all([text(old.stderr), once(old, 'close')]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Node 22\.18 or later is needed \(this is [\d.]+\): .*npm ci.*\n$/);
});

test('npm run doctor looks at the configuration, and ends with 1 when it is wrong', async () => {
  using folder = createTemporaryFolder();
  const { PATH, HOME } = process.env;
  const npm = spawn('npm', ['run', '-s', 'doctor'], {
    cwd: root,
    env: { PATH, HOME, PORT: '0', LOG_LEVEL: 'loud', SESSION_STORE: `lmdb:${folder.path}/sessions` },
  });
  const [stdout, [code]] = await Promise.all([text(npm.stdout), once(npm, 'close')]);
  expect(code).toBe(1);
  expect(stdout).toContain('Wrong: LOG_LEVEL must be one of');
});
