import { rateLimits, windowSeconds } from '../http/rate-limits.ts';
import { linkedPaths, linkHeaders, successorOf } from './api-links.ts';
import type { Headers } from './openapi-operation.ts';

/** The names of the gateway's cookies: under https they have the prefix `__Host-`. */
export type CookieNames = { sessionName: string; signInName: string };

const text = (description: string, schema: object = {}) => ({
  description,
  schema: { type: 'string', ...schema },
});
const required = { required: true };
const limits = Object.entries(rateLimits).map(([name, { most }]) => `\`${name}\` ${most}`);

const ownHeaders = ({ sessionName, signInName }: CookieNames) => ({
  'X-Request-Id': {
    ...text('Finds this request in the log of the gateway. One that a proxy has sent is kept.', {
      pattern: '^[\\w.-]{1,128}$',
    }),
    ...required,
  },
  'Cache-Control': { ...text('Answers are of one session alone.', { const: 'no-store' }), ...required },
  RateLimit: text(
    'How many requests are left (`r`) in each limit that this one counted in, and for how many seconds (`t`). Absent where the gateway limits nothing.',
    { examples: ['"client";r=2999;t=60, "session";r=1199;t=60'] },
  ),
  'RateLimit-Policy': text(
    `The limits themselves: requests (\`q\`) in a window of so many seconds (\`w\`). In ${windowSeconds} seconds: ${limits.join(', ')}.`,
    { examples: ['"client";q=3000;w=60, "session";q=1200;w=60'] },
  ),
  'Retry-After': {
    description: 'After how many seconds it is worth trying again.',
    schema: { type: 'integer', minimum: 1 },
    ...required,
  },
  Location: { ...text('Where the browser goes now.', { pattern: '^https?://' }), ...required },
  'Set-Cookie-Session': {
    ...text('The session: a new id where nobody was signed in before, none where an account was added.', {
      pattern: `^(${sessionName}|${signInName})=[^;]+; .*HttpOnly`,
    }),
  },
  'Set-Cookie-Sign-In': {
    ...text('Ties the sign-in to this browser until it comes back; it lives for ten minutes.', {
      pattern: `^${signInName}=[\\w-]{32}; Max-Age=600; .*HttpOnly`,
    }),
    ...required,
  },
  'Set-Cookie-Expired': text('Takes the cookies of a session that there was.', {
    pattern: `^(${sessionName}|${signInName})=; .*Expires=Thu, 01 Jan 1970`,
  }),
});

type HeaderName = keyof ReturnType<typeof ownHeaders>;

const ref = (name: string) => ({ $ref: `#/components/headers/${name}` });

/** A header of `headerComponents`. */
export const header = (name: HeaderName) => ref(name);

/** What every answer of a path has. */
export const commonHeaders = (path: string): Headers => ({
  'X-Request-Id': header('X-Request-Id'),
  'Cache-Control': header('Cache-Control'),
  ...(linkedPaths.includes(path) &&
    Object.fromEntries(linkComponents(path).map(({ name, component }) => [name, ref(component)]))),
});

/** The two that tell how much is left of a limit; probes are not counted. */
export const limitHeaders: Headers = {
  RateLimit: header('RateLimit'),
  'RateLimit-Policy': header('RateLimit-Policy'),
};

const linkMeanings: Record<string, string> = {
  Link: 'Where the path is described, and what replaces it (RFC 8288).',
  Deprecation: 'Since when GraphQL is to be preferred, in seconds since 1970 (RFC 9745). No end is planned.',
};

/** The headers that tell of a path: those of its own have the path's successor in their name. */
const linkComponents = (path: string): { name: string; component: string; described: object }[] =>
  Object.entries(linkHeaders(path)).map(([name, value]) => ({
    name,
    component: [name, name === 'Link' ? successorOf(path) : undefined].filter(Boolean).join('-'),
    described: { ...text(linkMeanings[name] ?? '', { const: value }), ...required },
  }));

/** The headers of answers, by the names that references have for them. */
export const headerComponents = (cookies: CookieNames): Headers => ({
  ...ownHeaders(cookies),
  ...Object.fromEntries(
    linkedPaths.flatMap(linkComponents).map(({ component, described }) => [component, described]),
  ),
});

/** The methods that a path takes. */
export const allowHeader = (methods: readonly string[]) => ({
  ...text('The methods that this path takes.', { const: methods.join(', ') }),
  ...required,
});
