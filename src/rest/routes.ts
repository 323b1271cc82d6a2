import { type RequestHandler, Router } from 'express';
import type { Viewer } from '../viewer.ts';
import { legacyAccount, legacySubscriptions, legacyUser } from './legacy-json.ts';

/** What each of the original application's paths asks the viewer. */
const questions: Record<string, (viewer: Viewer) => Promise<unknown>> = {
  '/api/user': async (viewer) => legacyUser(viewer.me()),
  '/api/accounts': async (viewer) => viewer.accounts().map(legacyAccount),
  '/api/subscriptions': async (viewer) => legacySubscriptions(await viewer.azureSubscriptions()),
  '/api/logout': (viewer) => viewer.logout(),
};

/** The paths that `restRoutes` answers. */
export const restPaths = Object.keys(questions);

/** The original application's paths, answered from the viewer. */
export function restRoutes(): Router {
  const router = Router();
  for (const [path, ask] of Object.entries(questions)) router.get(path, answer(ask));
  return router;
}

const answer =
  (ask: (viewer: Viewer) => Promise<unknown>): RequestHandler =>
  async (_req, res) => {
    res.json(await ask(res.locals.viewer));
  };
