import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';

/* The least that Apollo Server on Express can be: one field, no session, no store. */

const server = new ApolloServer({
  typeDefs: 'type Query { hello: String }',
  resolvers: { Query: { hello: () => 'world' } },
});
await server.start();

const app = express();
app.use('/graphql', express.json(), expressMiddleware(server));
createServer(app).listen(Number(process.env.PORT), '127.0.0.1');
