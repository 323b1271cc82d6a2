import type { Viewer } from '../viewer.ts';

/** What resolvers get: the viewer, and never the request. */
export type GraphqlContext = { viewer: Viewer };
