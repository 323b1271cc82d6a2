import type { Viewer } from '../viewer.ts';

/** What resolvers get: the viewer, and never the request. */
export type GraphqlContext = {
  viewer: Viewer;
  /** Named in every error, so that its cause can be found in the log. */
  requestId: string;
};
