import { RedisStore } from 'connect-redis';
import type { Store } from 'express-session';
import { createClient } from 'redis';
import { LmdbSessionStore } from './lmdb-session-store.ts';

/** The store that `url` names: LMDB, or Redis through connect-redis, as its documentation sets it up. */
export async function openSessionStore(url: string): Promise<Store> {
  if (url.startsWith('lmdb:')) return new LmdbSessionStore(url.slice('lmdb:'.length));
  const client = createClient({ url });
  client.on('error', (error) => process.stderr.write(`${error}\n`));
  await client.connect();
  return new RedisStore({ client });
}
