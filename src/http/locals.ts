import type { Viewer } from '../viewer.ts';

declare global {
  namespace Express {
    /** What the middleware in `app.ts` hands on to the routes. */
    interface Locals {
      requestId: string;
      viewer: Viewer;
    }
  }
}
