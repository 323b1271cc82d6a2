import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { testSecret } from '../support/sealing.ts';
import type { Contestant } from './contestant.ts';
import type { SampleSession } from './sample-sessions.ts';
import { startServer } from './server-process.ts';

const python = '/usr/bin/python3';
const folderOfApp = fileURLToPath(new URL('peers', import.meta.url));

/** Sign-ins under way at a time. */
const atOnce = 20;

const isInstalled = (): boolean => spawnSync(python, ['-c', 'import flask, gunicorn']).status === 0;

/** What the original ran on, with the versions that the system has. */
export const flask: Contestant = {
  name: 'flask',
  title: 'Flask under gunicorn, one sync worker (what the original ran on)',
  operations: ['/api/user', '/api/accounts'],
  missing: () => (isInstalled() ? undefined : 'not installed (apt install python3-flask gunicorn)'),
  async start({ folder, sessions }) {
    const server = await startServer({
      // It takes PORT from its environment.
      command: [python, '-B', '-m', 'gunicorn', '--workers=1', `--chdir=${folderOfApp}`, 'original:app'],
      folder,
      env: { SESSION_SECRET: testSecret },
    });
    const cookies: string[] = [];
    for (let from = 0; from < sessions.length; from += atOnce) {
      const some = sessions.slice(from, from + atOnce);
      cookies.push(...(await Promise.all(some.map((session) => signIn(server.port, session)))));
    }
    return { server, cookies };
  },
};

async function signIn(port: number, { data }: SampleSession): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/bench/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(data),
  });
  const [cookie = ''] = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  await response.arrayBuffer();
  if (!cookie.startsWith('session=')) throw new Error(`Flask answered a sign-in with ${response.status}`);
  return cookie;
}
