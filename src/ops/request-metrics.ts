import type { RequestHandler, Response } from 'express';
import { createRouteOf, type KnownPaths, methodOf } from './known-paths.ts';
import type { Metrics } from './metrics.ts';

/** Counts and times requests when they are over. Asking for permission (OPTIONS) is not using a legacy path. */
export function requestMetrics(metrics: Metrics, paths: KnownPaths): RequestHandler {
  const routeOf = createRouteOf(paths);
  const legacy = new Set(paths.legacy);
  const cloudOf = new Map(paths.signIns.map(({ provider, callbackPath }) => [callbackPath, provider]));
  for (const path of legacy) metrics.legacyRequests.inc({ path }, 0);

  return (req, res, next) => {
    const startedAt = performance.now();
    const route = routeOf(req.path);
    const method = methodOf(req.method);
    const cloud = method === 'GET' ? cloudOf.get(route) : undefined;
    res.on('close', () => {
      metrics.httpRequests.inc({ route, method, status: statusOf(res) });
      metrics.httpSeconds.observe({ route }, (performance.now() - startedAt) / 1000);
      if (legacy.has(route) && method !== 'OPTIONS') metrics.legacyRequests.inc({ path: route });
      if (cloud !== undefined) metrics.signIns.inc({ cloud, outcome: signInOutcome(res) });
      const face = route === '/graphql' ? 'graphql' : 'rest';
      for (const code of res.locals.codes) metrics.errors.inc({ face, code });
    });
    next();
  };
}

const statusOf = (res: Response): string => (res.writableFinished ? String(res.statusCode) : 'aborted');

/** A sign-in that came about sends the browser on. */
function signInOutcome(res: Response): string {
  const [code] = res.locals.codes;
  return code ?? (res.statusCode === 302 ? 'ok' : 'failed');
}
