import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Browser } from '../support/browser.ts';
import { addRole, standardRole } from '../support/connect-role.ts';
import { testSecret } from '../support/sealing.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startGatewayProcess } from './gateway-process.ts';

/** How many sign-ins have to be refused in a row until the disk is taken for full. */
const refusalsWhenFull = 10;

const unavailable = { status: 503, code: 'SESSION_STORE_UNAVAILABLE', retryAfter: '1', cookies: [] };

/** What a client sees of a refusal. */
async function refusal(answer: Response): Promise<typeof unavailable> {
  const { code } = (await answer.json()) as { code: string };
  const retryAfter = answer.headers.get('retry-after') ?? '';
  return { status: answer.status, code, retryAfter, cookies: answer.headers.getSetCookie() as never[] };
}

/**
 * A gateway whose store may not grow from a moment on, as on a full disk: a write past the limit fails with EFBIG,
 * for Node ignores SIGXFSZ.
 */
async function startGatewayWithDisk() {
  await using started = new AsyncDisposableStack();
  const folder = started.use(createTemporaryFolder());
  // With one external id for everybody a role can be connected without a sign-in: a session in one write.
  const env = { SESSION_SECRET: testSecret, AWS_EXTERNAL_ID: 'one-for-everybody' };
  const gateway = started.use(await startGatewayProcess({ folder: folder.path, env }));
  const { url, pid } = gateway;
  const status = async (path: string) => (await fetch(url + path, { redirect: 'manual' })).status;
  const owned = started.move();

  return {
    url,
    status,
    async fill() {
      limitFiles(pid, statSync(join(folder.path, 'data', 'sessions', 'data.mdb')).size);
      for (let refused = 0, asked = 0; refused < refusalsWhenFull; asked++) {
        refused = (await status('/api/login/azure')) === 503 ? refused + 1 : 0;
        if (asked > 1000) throw new Error('The store still takes sign-ins');
      }
    },
    makeRoom: () => limitFiles(pid, 'unlimited'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Limits how large a file the process may write. The hard limit stays: only root might raise it again. */
function limitFiles(pid: number, bytes: number | 'unlimited'): void {
  try {
    execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`], { stdio: 'pipe' });
  } catch (cause) {
    throw new Error('prlimit does not work; this test needs it (apt-get install util-linux)', { cause });
  }
}

test('a full disk refuses new sessions, reads on and stays in service, and takes them again without a restart', async () => {
  await using gateway = await startGatewayWithDisk();
  const john = new Browser(gateway.url);
  await john.signIn('john');
  const latecomer = new Browser(gateway.url);
  const callback = await latecomer.authorize('john');
  await gateway.fill();

  expect(await refusal(await new Browser(gateway.url).fetch('/api/login/azure'))).toEqual(unavailable);
  expect(await refusal(await latecomer.fetch(callback))).toEqual(unavailable);
  const role = await addRole(new Browser(gateway.url), { roleArn: standardRole });
  expect(await refusal(role)).toEqual(unavailable);
  expect(await john.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  expect(await john.graphql('{ me { loggedIn } }')).toEqual({ data: { me: { loggedIn: true } } });
  expect(await gateway.status('/healthz')).toBe(200);
  expect(await gateway.status('/readyz')).toBe(200);

  gateway.makeRoom();
  expect((await latecomer.signIn('john')).status).toBe(302);
  expect((await john.signIn('jane', '/api/login/google')).status).toBe(302);
  expect(await john.json('/api/accounts')).toHaveLength(2);
});

test.each(['REST', 'GraphQL'])(
  'a sign-out over %s at a full disk is either done or said not to be',
  async (face) => {
    await using gateway = await startGatewayWithDisk();
    const john = new Browser(gateway.url);
    await john.signIn('john');
    const cookie = `mcm_session=${await john.cookie('mcm_session')}`;
    await gateway.fill();

    const answer =
      face === 'REST'
        ? await john.fetch('/api/logout')
        : await john.fetch('/graphql', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{"query":"mutation { logout { message } }"}',
          });
    const text = await answer.text();
    const isDone = text.includes('Wylogowano');
    if (!isDone) expect(text).toContain('LOGOUT_INCOMPLETE');
    if (face === 'REST') expect(answer.status).toBe(isDone ? 200 : 503);
    expect(answer.headers.getSetCookie().some((set) => set.startsWith('mcm_session='))).toBe(isDone);
    const stolen = new Browser(gateway.url);
    expect(await stolen.json('/api/user', { headers: { cookie } })).toMatchObject({ logged_in: !isDone });

    gateway.makeRoom();
    expect((await john.fetch('/api/logout')).status).toBe(200);
    expect(await stolen.json('/api/user', { headers: { cookie } })).toEqual({ logged_in: false });
  },
);
