import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { GatewayError, logoutIncomplete } from '../errors.ts';
import { jsonBody } from '../http/json-body.ts';
import type { Viewer } from '../viewer.ts';
import {
  legacyAccount,
  legacyAwsAdded,
  legacyAwsConfig,
  legacySubscriptions,
  legacyUser,
} from './legacy-json.ts';

export const logoutPath = '/api/logout';

/** What each of the original application's paths asks the viewer. */
const questions = {
  '/api/user': async (viewer) => legacyUser(viewer.me()),
  '/api/accounts': async (viewer) => (await viewer.accountsWithTokens()).map(legacyAccount),
  '/api/subscriptions': async (viewer) => legacySubscriptions(await viewer.azureSubscriptions()),
  '/api/account/aws/config': async (viewer) => legacyAwsConfig(viewer.awsTrust()),
  [logoutPath]: (viewer) => viewer.logout(),
} satisfies Record<string, (viewer: Viewer) => Promise<unknown>>;

/** Those that pages ask again and again. */
export const hotQuestions = {
  '/api/user': questions['/api/user'],
  '/api/accounts': questions['/api/accounts'],
};

const addAwsAccount = '/api/account/aws/add';

/** The paths that `restRoutes` answers, by what they take. */
export const readPaths = Object.keys(questions);
export const writePaths = [addAwsAccount];

/** One of them. */
export type RestPath = keyof typeof questions | typeof addAwsAccount;

/** The original application's paths, answered from the viewer. */
export function restRoutes(): Router {
  const router = Router();
  for (const [path, ask] of Object.entries(questions)) router.get(path, answer(ask));
  router.post(addAwsAccount, ...jsonBody, async (req, res) => {
    const { viewer } = res.locals;
    viewer.awsTrust(); // who asks comes before what is asked
    const account = await viewer.connectAwsAccount(roleArnOf(req.body));
    res.status(201).json(legacyAwsAdded(account));
  });
  return router;
}

/** A session that could not even be read was not signed out either. */
export const logoutFailure: ErrorRequestHandler = (error, _req, _res, next) => {
  const isOutage = error instanceof GatewayError && error.code === 'SESSION_STORE_UNAVAILABLE';
  next(isOutage ? logoutIncomplete(error) : error);
};

const answer =
  (ask: (viewer: Viewer) => Promise<unknown>): RequestHandler =>
  async (_req, res) => {
    res.json(await ask(res.locals.viewer));
  };

/** The one thing that is taken from the body: an external id in it would be the caller's own choice. */
function roleArnOf(body: unknown): string {
  const roleArn = typeof body === 'object' && body !== null && 'roleArn' in body ? body.roleArn : undefined;
  if (typeof roleArn === 'string' && roleArn !== '') return roleArn;
  throw new GatewayError('BAD_REQUEST', 'Send {"roleArn": "arn:aws:iam::<account>:role/<name>"} as JSON');
}
