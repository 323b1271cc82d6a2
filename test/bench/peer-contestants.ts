import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { testSecret } from '../support/sealing.ts';
import { sessionCookie } from '../support/session-cookie.ts';
import type { Contestant, StoreChoice } from './contestant.ts';
import { type OperationName, operations } from './operations.ts';
import type { SampleSession } from './sample-sessions.ts';
import { startServer } from './server-process.ts';

/** The path of a program in `peers/`. */
export const peerProgram = (name: string): string => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

const graphql: readonly OperationName[] = ['me', 'accounts'];
const all: readonly OperationName[] = operations.map(({ name }) => name);

export const apollo = peer('apollo', 'Express 5, express-session; GraphQL by Apollo Server 5', all);
export const yoga = peer('yoga', 'Express 5, express-session; GraphQL Yoga 5', graphql);
export const mercurius = peer(
  'mercurius',
  'Fastify 5, @fastify/session; GraphQL by Mercurius with graphql-jit',
  all,
);

/** A server on Node in a file of its own, which reads its settings as `peers/environment.ts` says. */
function peer(name: string, title: string, answers: readonly OperationName[]): Contestant {
  return {
    name,
    title,
    operations: answers,
    async start({ folder, sessions, store }) {
      const env = {
        NODE_ENV: 'production',
        SESSION_SECRET: testSecret,
        SESSION_STORE: storeUrl(folder, store),
      };
      await fill(folder, env, sessions);
      const server = await startServer({
        command: [process.execPath, peerProgram(`${name}.ts`)],
        folder,
        env,
      });
      return { server, cookies: sessions.map(({ sid }) => sessionCookie(sid)) };
    },
  };
}

function storeUrl(folder: string, store: StoreChoice): string {
  if (store.kind === 'redis') return store.url;
  const path = join(folder, 'sessions');
  mkdirSync(path);
  return `lmdb:${path}`;
}

async function fill(
  folder: string,
  env: Record<string, string>,
  sessions: readonly SampleSession[],
): Promise<void> {
  const file = join(folder, 'sessions.json');
  writeFileSync(file, JSON.stringify(sessions.map(({ sid, data }) => [sid, data])));
  await promisify(execFile)(process.execPath, [peerProgram('fill.ts'), file], {
    env: { ...env, PORT: '0' },
  });
}
