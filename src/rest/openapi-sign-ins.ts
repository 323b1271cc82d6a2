import { signInOffers } from './api-links.ts';
import { header } from './openapi-headers.ts';
import type { Operation } from './openapi-operation.ts';

const query = (name: string, description: string, schema: object = {}, more: object = {}) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string', ...schema },
  ...more,
});

const returnTo = query(
  'returnTo',
  'Where the browser lands after the sign-in: a path on the front end (`FRONTEND_URL`). Without it `/dashboard`, on the built-in console `/`. Nothing but a path is taken, so that no link to a sign-in ends on a foreign page.',
  { pattern: '^/(?!/)', maxLength: 2000 },
  { example: '/dashboard' },
);

const unconfigured = (settings: readonly string[]): string =>
  `Where this gateway has no ${settings.join(', ')}, it is not offered and answers 404.`;

const begin = ({ label, settings }: (typeof signInOffers)[number]): Operation => ({
  method: 'GET',
  operationId: `signInWith${label}`,
  tag: 'Sign-in',
  summary: `Sign in with ${label}, or connect another account`,
  description: `A link for the browser, not for \`fetch\`: it leads to ${label} and, after the sign-in, to \`returnTo\`. Where somebody is signed in already, the account is added to their session. ${unconfigured(settings)}`,
  parameters: [returnTo],
  answers: {
    302: {
      description: `On to ${label}.`,
      headers: { Location: header('Location'), 'Set-Cookie': header('Set-Cookie-Sign-In') },
    },
  },
  refusals: ['SIGN_IN_FAILED', 'FORBIDDEN_ORIGIN', 'NOT_FOUND', 'SESSION_STORE_UNAVAILABLE'],
  session: 'optional',
  isVisited: true,
});

const finish = ({ label, settings }: (typeof signInOffers)[number]): Operation => ({
  method: 'GET',
  operationId: `finishSignInWith${label}`,
  tag: 'Sign-in',
  summary: `Where ${label} sends the browser back to`,
  description: `Front ends never call it; it is registered with ${label} as the redirect URI. It works once for each sign-in, and in the browser that began it. ${label} may add parameters of its own. ${unconfigured(settings)}`,
  parameters: [
    query('state', 'Names the sign-in that was started.', { maxLength: 200 }, { required: true }),
    query('code', 'What the tokens are asked for with, where the sign-in succeeded.'),
    query('error', 'Why it did not (RFC 6749, section 4.1.2.1).', {}, { example: 'access_denied' }),
  ],
  answers: {
    302: {
      description: `Signed in, and on to where the sign-in was to end; once more to ${label}, where its consent is missing.`,
      headers: { Location: header('Location'), 'Set-Cookie': header('Set-Cookie-Session') },
    },
  },
  refusals: [
    'OAUTH_STATE_INVALID',
    'SIGN_IN_FAILED',
    'FORBIDDEN_ORIGIN',
    'NOT_FOUND',
    'SESSION_STORE_UNAVAILABLE',
    'CONFLICT',
  ],
  session: 'optional',
  isVisited: true,
});

/** The sign-ins of every provider that this product knows, by path. */
export const signInOperations: Record<string, Operation> = Object.fromEntries(
  signInOffers.flatMap((offer) => [
    [offer.loginPath, begin(offer)],
    [offer.callbackPath, finish(offer)],
  ]),
);
