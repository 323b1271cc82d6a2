import type { ApolloServerPlugin } from '@apollo/server';
import type { Viewer } from '../viewer.ts';
import type { GraphqlContext } from './context.ts';

/**
 * What an answer says beside its data when lists in it are stale: the tenants that Azure could not be asked for, when
 * each of their lists was complete, and why. Undefined when there are none.
 */
export function staleExtensions(viewer: Viewer) {
  const stale = viewer.staleListings();
  return stale.length > 0 ? { azure: { stale } } : undefined;
}

/** Marks answers with stale lists, in the `extensions` of the whole answer: no field failed. */
export const staleListings: ApolloServerPlugin<GraphqlContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, response: { body } }) {
        const extensions = staleExtensions(contextValue.viewer);
        if (body.kind !== 'single' || !extensions) return;
        body.singleResult.extensions = { ...body.singleResult.extensions, ...extensions };
      },
    };
  },
};
