import type { Router } from 'express';
import { createApp } from '../../src/app.ts';
import { clouds } from '../../src/clouds/clouds.ts';
import { createGraphqlServer } from '../../src/graphql/server.ts';
import { createRateLimits } from '../../src/http/rate-limits.ts';
import { createMemoryLog } from './memory-log.ts';

/** What stands in a router: a route of its own, or another router. */
type Layer = {
  route?: { path: string | string[]; methods: Record<string, boolean> };
  handle?: { stack?: Layer[] };
};

/** Stands in where no request will ever come. */
const never = (): never => {
  throw new Error('only the routes are looked at');
};

/**
 * Every method and path that the app has a handler for, as `['get', '/api/user']`, in the order of its middleware. Not
 * those that look at any method, as guards do.
 */
export async function routesOfApp(): Promise<[method: string, path: string][]> {
  const { log } = createMemoryLog();
  const graphql = createGraphqlServer({ introspection: false, isForeign: () => false, log });
  await graphql.start();
  try {
    const app = createApp({
      log,
      traces: [],
      noteRequest: () => undefined,
      trustedProxies: undefined,
      headers: [],
      corsOrigins: new Set(),
      isForeign: () => false,
      health: { store: { ...unused, ping: never }, isDraining: () => false },
      rateLimits: createRateLimits(undefined),
      session: [],
      viewer: never,
      signIn: {
        offers: clouds.flatMap(({ signIn }) => signIn ?? []),
        providers: [],
        pending: { start: never, take: never },
        cookies: {
          sessionName: 'session',
          signInName: 'sign_in',
          attributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: false },
        },
        session: never,
        publicUrl: never,
        frontendUrl: undefined,
        limitStarts: never,
        now: never,
      },
      graphql,
      findOperation: undefined,
      console: { signIns: [], aws: false, playground: false, landsHere: false },
    });
    return routesIn(app.router);
  } finally {
    await graphql.stop();
  }
}

const unused = {
  get: never,
  create: never,
  compareAndSet: never,
  extend: never,
  destroy: never,
  close: never,
};

function routesIn({ stack }: { stack: Layer[] } | Router): [string, string][] {
  return (stack as Layer[]).flatMap(({ route, handle }) => {
    if (route?.methods._all || route?.methods.trace) return []; // a guard, of every method
    if (route) {
      const methods = Object.keys(route.methods);
      return [route.path].flat().flatMap((path) => methods.map((method): [string, string] => [method, path]));
    }
    return handle?.stack ? routesIn({ stack: handle.stack }) : [];
  });
}
