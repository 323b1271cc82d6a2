import type { ServerResponse } from 'node:http';
import type { RequestFacts } from '../http/locals.ts';
import { createRouteOf, type KnownPaths, methodOf } from './known-paths.ts';
import type { Metrics } from './metrics.ts';
import type { NoteRequest } from './note-request.ts';

/** Counts and times requests. Asking for permission (OPTIONS) is not using a legacy path. */
export function countRequest(metrics: Metrics, paths: KnownPaths): NoteRequest {
  const routeOf = createRouteOf(paths);
  const legacy = new Set(paths.legacy);
  const cloudOf = new Map(paths.signIns.map(({ provider, callbackPath }) => [callbackPath, provider]));
  for (const path of legacy) metrics.legacyRequests.inc({ path }, 0);

  return (request, res, { codes }) => {
    const route = routeOf(request.path);
    const method = methodOf(request.method);
    const cloud = method === 'GET' ? cloudOf.get(route) : undefined;
    metrics.httpRequests.inc({ route, method, status: statusOf(res) });
    metrics.httpSeconds.observe({ route }, (performance.now() - request.startedAt) / 1000);
    if (request.isHot) metrics.hotRequests.inc({ route });
    if (legacy.has(route) && method !== 'OPTIONS') metrics.legacyRequests.inc({ path: route });
    if (cloud !== undefined) metrics.signIns.inc({ cloud, outcome: signInOutcome(res, codes) });
    const face = route === '/graphql' ? 'graphql' : 'rest';
    for (const code of codes) metrics.errors.inc({ face, code });
  };
}

const statusOf = (res: ServerResponse): string => (res.writableFinished ? String(res.statusCode) : 'aborted');

/** A sign-in that came about sends the browser on. */
function signInOutcome(res: ServerResponse, [code]: RequestFacts['codes']): string {
  return code ?? (res.statusCode === 302 ? 'ok' : 'failed');
}
