import { type RequestHandler, Router } from 'express';
import type { Viewer } from '../viewer.ts';
import { legacyAccount, legacySubscriptions, legacyUser } from './legacy-json.ts';

/** The original application's paths, answered from the viewer. */
export function restRoutes(): Router {
  const router = Router();
  router.get(
    '/api/user',
    answer(async (viewer) => legacyUser(viewer.me())),
  );
  router.get(
    '/api/accounts',
    answer(async (viewer) => viewer.accounts().map(legacyAccount)),
  );
  router.get(
    '/api/subscriptions',
    answer(async (viewer) => legacySubscriptions(await viewer.azureSubscriptions())),
  );
  router.get(
    '/api/logout',
    answer((viewer) => viewer.logout()),
  );
  return router;
}

const answer =
  (ask: (viewer: Viewer) => Promise<unknown>): RequestHandler =>
  async (_req, res) => {
    res.json(await ask(res.locals.viewer));
  };
