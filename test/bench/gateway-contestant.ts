import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { testSecret } from '../support/sealing.ts';
import { sessionCookie } from '../support/session-cookie.ts';
import type { Contestant, StoreChoice } from './contestant.ts';
import { operations } from './operations.ts';
import type { SampleSession } from './sample-sessions.ts';
import { startServer } from './server-process.ts';

const program = fileURLToPath(new URL('../../src/start.cjs', import.meta.url));
const fillProgram = fileURLToPath(new URL('fill-gateway.ts', import.meta.url));

/**
 * As it would be deployed, behind a proxy that tells one client from another: production, all three clouds configured
 * (none is called), the request log, the rate limits and every other guard on.
 */
export const gatewayEnv = (storeUrl: string): Record<string, string> => ({
  NODE_ENV: 'production',
  SANDBOX: 'off',
  TRUST_PROXY: '127.0.0.1',
  TOKEN_EXPOSURE: 'full',
  SESSION_SECRET: testSecret,
  SESSION_STORE: storeUrl,
  AZURE_CLIENT_ID: '12345678-1234-1234-1234-123456789012',
  AZURE_CLIENT_SECRET: 'never used here',
  AZURE_TENANT_ID: 'organizations',
  GOOGLE_CLIENT_ID: 'bench.apps.googleusercontent.com',
  GOOGLE_CLIENT_SECRET: 'never used here',
  AWS_ACCOUNT_ID: '123456789012',
});

/** How `npm start` starts the gateway. */
export const gatewayCommand: readonly string[] = [process.execPath, '--max-semi-space-size=8', program];

/** This repository, with `env` beside its settings. */
export const gateway = (
  names: Pick<Contestant, 'name' | 'title'>,
  env: Record<string, string> = {},
): Contestant => ({
  ...names,
  operations: operations.map(({ name }) => name),
  async start({ folder, sessions, store }) {
    const url = await filledStore(folder, store, sessions);
    const server = await startServer({
      command: gatewayCommand,
      folder,
      env: { ...gatewayEnv(url), ...env },
      readyPath: '/readyz',
    });
    return { server, cookies: sessions.map(({ sid }) => sessionCookie(sid)) };
  },
});

/**
 * A store with the sessions in it, sealed as the gateway does it; gives its URL. A process of its own fills it, which
 * has let go of every lock when the gateway starts.
 */
export async function filledStore(
  folder: string,
  store: StoreChoice,
  sessions: readonly SampleSession[],
): Promise<string> {
  const path = join(folder, 'sessions');
  const url = store.kind === 'lmdb' ? `lmdb:${path}` : store.url;
  if (store.kind === 'lmdb') mkdirSync(path);
  const file = join(folder, 'sessions.json');
  writeFileSync(file, JSON.stringify(sessions.map(({ sid, data }) => [sid, data])));
  await promisify(execFile)(process.execPath, [fillProgram, url, file]);
  return url;
}
