import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphqlContext } from './context.ts';
import { readsStatus } from './media-type.ts';

/**
 * Answers well-formed requests whose operation is refused with 200, unless the client takes
 * `application/graphql-response+json`: under `application/json` statuses other than 200 are for requests that are no
 * GraphQL request (GraphQL over HTTP, section 6.4.1), and clients show them as failures of the network. And leaves what
 * caches are told to the rest of the gateway.
 */
export const legacyStatus: ApolloServerPlugin<GraphqlContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response, source }) {
        const { http } = response;
        http.headers.delete('cache-control');
        const isRefused = source !== undefined && http.status === 400;
        if (isRefused && !readsStatus(request.http?.headers.get('accept'))) http.status = 200;
      },
    };
  },
};
