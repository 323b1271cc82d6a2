import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import session, { type SessionStore } from '@fastify/session';
import fastify from 'fastify';
import mercurius, { type IResolvers } from 'mercurius';
import { cookieName, environment, frontEnd, idleMillis } from './environment.ts';
import { resolvers, typeDefs, typeNameOf } from './resolvers.ts';
import { restAccounts, restUser } from './rest.ts';
import { openSessionStore } from './session-store.ts';

/*
 * Fastify 5 with @fastify/session and Mercurius, its queries compiled after their first run. `cookiePrefix` makes
 * express-session's cookie its cookie too. Without `rolling` it never moves a session's end on, which the others do.
 */

const app = fastify();
await app.register(cors, { origin: frontEnd, credentials: true });
await app.register(cookie);
await app.register(session, {
  secret: environment.sessionSecret,
  cookieName,
  cookiePrefix: 's:',
  store: (await openSessionStore(environment.sessionStore)) as SessionStore,
  saveUninitialized: false,
  rolling: false,
  cookie: { httpOnly: true, sameSite: 'lax', secure: false, maxAge: idleMillis },
});
await app.register(mercurius, {
  schema: typeDefs,
  resolvers: { ...resolvers, CloudAccount: { resolveType: typeNameOf } } as unknown as IResolvers,
  jit: 1,
  context: ({ session }) => ({ session }),
});
app.get('/api/user', async (request) => restUser(request.session));
app.get('/api/accounts', async (request) => restAccounts(request.session));

await app.listen({ port: environment.port, host: '127.0.0.1' });
