import type { RequestHandler } from 'express';
import { clouds } from '../clouds/clouds.ts';
import { matchedPath } from '../http/matched-path.ts';
import { type RestPath, readPaths, writePaths } from './routes.ts';

/** Where this API is described; see `openapi.ts`. */
export const openapiPath = '/api/openapi.json';

/** From when on these paths are deprecated. That is no end of life: they go on answering. */
const deprecatedSince = new Date('2026-11-27T00:00:00Z');

/** The GraphQL fields that replace paths. A path that is not here has nothing in its place. */
const successors: Partial<Record<RestPath, string>> = {
  '/api/user': 'Query.me',
  '/api/accounts': 'Query.accounts',
  '/api/subscriptions': 'Query.azureSubscriptions',
  '/api/logout': 'Mutation.logout',
  '/api/account/aws/add': 'Mutation.connectAwsAccount',
};

/** The GraphQL field that replaces a path, as `Query.me`; undefined where nothing does. */
export const successorOf = (path: string): string | undefined =>
  new Map(Object.entries(successors)).get(path);

/** Every sign-in that this product knows, configured or not. */
export const signInOffers = clouds.flatMap(({ signIn }) => signIn ?? []);

/** The paths of front ends: all that the description has, but for itself and the probes. */
export const linkedPaths: readonly string[] = [
  ...readPaths,
  ...writePaths,
  ...signInOffers.flatMap(({ loginPath, callbackPath }) => [loginPath, callbackPath]),
];

/**
 * What every answer of a path says of the path itself: where it is described (`service-desc`, RFC 8631), and for one
 * that GraphQL replaces since when it is deprecated (RFC 9745, a date as of RFC 9651) and by what (`successor-version`,
 * RFC 5829).
 */
export function linkHeaders(path: string): { Link: string; Deprecation?: string } {
  const description = `<${openapiPath}>; rel="service-desc"; type="application/json"`;
  const successor = successorOf(path);
  if (successor === undefined) return { Link: description };
  const links = [
    `</graphql>; rel="successor-version"; title="${successor}"`,
    `<${openapiPath}>; rel="deprecation"; type="application/json"`,
    description,
  ];
  return { Deprecation: `@${deprecatedSince.getTime() / 1000}`, Link: links.join(', ') };
}

/** Puts these headers on every answer of their paths, refusals too: it comes before whatever may refuse. */
export function apiLinks(): RequestHandler {
  const headers = new Map(linkedPaths.map((path) => [matchedPath(path), linkHeaders(path)]));
  return (req, res, next) => {
    const found = headers.get(matchedPath(req.path));
    if (found) res.set(found);
    next();
  };
}
