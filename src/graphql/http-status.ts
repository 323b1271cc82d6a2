import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphqlContext } from './context.ts';

/** The media type of GraphQL over HTTP (section 4.1), whose clients expect statuses to tell how a request went. */
const graphqlResponse = 'application/graphql-response+json';

/**
 * Answers well-formed requests whose operation is refused with 200, unless the client takes
 * `application/graphql-response+json`: under `application/json` statuses other than 200 are for requests that are no
 * GraphQL request (GraphQL over HTTP, section 6.4.1), and clients show them as failures of the network.
 */
export const legacyStatus: ApolloServerPlugin<GraphqlContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response, source }) {
        const { http } = response;
        if (source === undefined || http.status !== 400) return;
        if (!request.http?.headers.get('accept')?.includes(graphqlResponse)) http.status = 200;
      },
    };
  },
};
