import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('a SIGTERM to npm start reaches the gateway, which drains and ends with 0', async () => {
  using folder = createTemporaryFolder();
  const { PATH, HOME } = process.env;
  const npm = spawn('npm', ['start'], {
    cwd: root,
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

  npm.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
});
