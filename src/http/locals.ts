import type { Viewer } from '../viewer.ts';
import type { Counted } from './rate-limits.ts';

declare global {
  namespace Express {
    /** What the middleware in `app.ts` hands on to the routes. */
    interface Locals extends RequestFacts {
      viewer: Viewer;
      counted?: Counted;
      /** What the request has failed with before it came to Express. */
      failure?: unknown;
    }
  }
}

/** What the log, metrics and traces say of a request: nothing that a client has chosen, but for the id of a proxy. */
export type RequestFacts = {
  requestId: string;
  /** The codes of the errors in its answer. */
  codes: Set<string>;
  /** The name of its GraphQL operation, one of a bounded set. */
  operation?: string;
  /** Where it is traced. */
  traceId?: string;
};
