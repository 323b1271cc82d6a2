import { randomBytes } from 'node:crypto';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { SignInOffer, SignInProvider } from '../clouds/cloud.ts';
import type { CloudAccount } from '../clouds/clouds.ts';
import { GatewayError } from '../errors.ts';
import type { BrowserSession } from '../session/browser-session.ts';
import { type CookiePolicy, cookieValues } from '../session/cookies.ts';
import { beginSignIn, finishSignIn } from './flow.ts';
import { type PendingSignIns, pendingSeconds } from './pending.ts';
import { landingUrl } from './return-to.ts';

export type SignInOptions = {
  /** Every sign-in that this product knows. */
  offers: readonly SignInOffer[];
  /** Those of them that are configured. */
  providers: readonly SignInProvider[];
  pending: PendingSignIns;
  cookies: CookiePolicy;
  session(req: Request, res: Response): BrowserSession;
  /** The gateway's public URL as this request's browser knows it. */
  publicUrl(req: Request): string;
  /** Undefined: the built-in console. */
  frontendUrl: string | undefined;
  /** Asked before a sign-in is started; rejects when that is one too many. */
  limitStarts(req: Request, res: Response): Promise<void>;
  now: () => number;
};

/** The paths that `signInRoutes` answers. */
export const signInPaths = ({ offers }: Pick<SignInOptions, 'offers'>): string[] =>
  offers.flatMap(({ loginPath, callbackPath }) => [loginPath, callbackPath]);

/**
 * `GET /api/login/<provider>` and its callback, for every provider that is configured; the paths of one that is
 * not say what it takes to offer it.
 */
export function signInRoutes(options: SignInOptions): Router {
  const router = Router();
  for (const provider of options.providers) {
    router.get(provider.loginPath, begin(provider, options));
    router.get(provider.callbackPath, finish(provider, options));
  }
  for (const offer of options.offers) router.get([offer.loginPath, offer.callbackPath], notOffered(offer));
  router.get('/api/login/:other', () => {
    const offered = options.providers.map(({ loginPath }) => loginPath).join(', ') || 'none';
    throw new GatewayError('NOT_FOUND', `This gateway has no such sign-in; it offers: ${offered}`);
  });
  return router;
}

/** A redirect without Express's HTML body, which repeats the URL and with it the state. */
const sendTo = (res: Response, url: string): void => {
  res.status(302).set('Location', url).end();
};

const notOffered =
  ({ label, settings }: SignInOffer): RequestHandler =>
  () => {
    throw new GatewayError(
      'NOT_FOUND',
      `${label} sign-in is not configured on this gateway; its operator offers it by setting ${settings.join(', ')}`,
    );
  };

function begin(provider: SignInProvider, options: SignInOptions): RequestHandler {
  const { pending, cookies, session, publicUrl, frontendUrl, limitStarts } = options;
  return async (req, res) => {
    const landing = landingUrl(
      req.query.returnTo,
      frontendUrl ?? publicUrl(req),
      frontendUrl ? '/dashboard' : '/',
    );
    await limitStarts(req, res);
    const binding = bindingOf(req, cookies) ?? randomBytes(24).toString('base64url');
    const url = await beginSignIn({
      provider,
      pending,
      parameters: provider.authorizationParameters(connectedTo(provider, session(req, res))),
      binding,
      redirectUri: `${publicUrl(req)}${provider.callbackPath}`,
      landing,
    });
    sendToProvider(res, url, { binding, cookies });
  };
}

function finish(provider: SignInProvider, options: SignInOptions): RequestHandler {
  const { pending, cookies, session, now } = options;
  return async (req, res) => {
    const query = req.originalUrl.slice(req.originalUrl.indexOf('?') + 1);
    const state = req.query.state;
    const binding = bindingOf(req, cookies);
    const flow = await pending.take(state, provider.provider, binding);
    const parameters = await finishSignIn({
      provider,
      flow,
      state: String(state),
      query,
      session: session(req, res),
      now,
    });
    const { landing, redirectUri } = flow;
    if (parameters === undefined || binding === undefined) {
      sendTo(res, landing);
      return;
    }
    const again = { provider, pending, parameters, binding, redirectUri, landing };
    // The account is connected already; where it cannot be asked for more, that has to do.
    const url = await beginSignIn(again).catch(() => undefined);
    if (url === undefined) sendTo(res, landing);
    else sendToProvider(res, url, { binding, cookies });
  };
}

/** Off to the provider, and back from it with the secret that ties the sign-in to this browser. */
function sendToProvider(
  res: Response,
  url: string,
  { binding, cookies }: { binding: string; cookies: CookiePolicy },
): void {
  res.cookie(cookies.signInName, binding, { ...cookies.attributes, maxAge: pendingSeconds * 1000 });
  sendTo(res, url);
}

const connectedTo = ({ provider }: SignInProvider, session: BrowserSession): CloudAccount[] =>
  (session.data().accounts ?? []).filter((account) => account.provider === provider);

/** The secret that ties the sign-ins of one browser to it; all its tabs share it. */
function bindingOf(req: Request, cookies: CookiePolicy): string | undefined {
  return cookieValues(req.headers.cookie, cookies.signInName).find((value) => /^[\w-]{32}$/.test(value));
}
