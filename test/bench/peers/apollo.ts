import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import cors from 'cors';
import express from 'express';
import { environment, frontEnd } from './environment.ts';
import { expressSession } from './express-session.ts';
import { type PeerContext, resolvers, typeDefs, typeNameOf } from './resolvers.ts';
import { restAccounts, restUser } from './rest.ts';

/*
 * Express 5 with express-session and Apollo Server 5, as "Integrating with Express" in Apollo's documentation has it.
 * Its REST routes are what an Express application would do for the original's paths.
 */

const app = express();
const httpServer = createServer(app);
const server = new ApolloServer<PeerContext>({
  typeDefs,
  resolvers: { ...resolvers, CloudAccount: { __resolveType: typeNameOf } },
  plugins: [ApolloServerPluginDrainHttpServer({ httpServer })],
});
await server.start();

app.use(cors({ origin: frontEnd, credentials: true }));
app.use(await expressSession());
app.get('/api/user', (req, res) => void res.json(restUser(req.session)));
app.get('/api/accounts', (req, res) => void res.json(restAccounts(req.session)));
app.use(
  '/graphql',
  express.json(),
  expressMiddleware(server, { context: async ({ req }) => ({ session: req.session }) }),
);

httpServer.listen(environment.port, '127.0.0.1');
