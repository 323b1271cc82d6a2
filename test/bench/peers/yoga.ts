import { createServer } from 'node:http';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { createSchema, createYoga } from 'graphql-yoga';
import { environment, frontEnd } from './environment.ts';
import { expressSession } from './express-session.ts';
import { type PeerContext, resolvers, typeDefs, typeNameOf } from './resolvers.ts';

/*
 * graphql-yoga on Express 5 with express-session, as "Integration with Express" in Yoga's documentation has it. Yoga
 * answers CORS itself.
 */

type ServerContext = { req: Request; res: Response };

const yoga = createYoga<ServerContext, PeerContext>({
  schema: createSchema<ServerContext & PeerContext>({
    typeDefs,
    resolvers: { ...resolvers, CloudAccount: { __resolveType: typeNameOf } },
  }),
  context: ({ req }) => ({ session: req.session }),
  cors: { origin: frontEnd, credentials: true },
});

const app = express();
app.use(await expressSession());
app.use(yoga.graphqlEndpoint, yoga as unknown as RequestHandler);

createServer(app).listen(environment.port, '127.0.0.1');
