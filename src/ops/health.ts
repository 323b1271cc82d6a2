import { Router } from 'express';
import type { SessionStore } from '../session/session-store.ts';

/** The paths that `healthRoutes` answers. */
export const healthPaths = ['/healthz', '/readyz'];

/** `GET /healthz`: the process lives. `GET /readyz`: it can serve, that is, the store answers and it is not draining. */
export function healthRoutes(options: { store: SessionStore; isDraining(): boolean }): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', async (_req, res) => {
    if (options.isDraining()) {
      res.status(503).json({ status: 'draining' });
      return;
    }
    const answers = await options.store.ping().then(
      () => true,
      () => false,
    );
    res.status(answers ? 200 : 503).json({ status: answers ? 'ready' : 'session store unavailable' });
  });
  return router;
}
