import { matchedPath } from '../http/matched-path.ts';

/** The paths of this gateway, by what an operator wants to know of them. */
export type KnownPaths = {
  /** Each is a route of its own. */
  routes: readonly string[];
  /** The files of the built-in pages are one route together, with all below `/assets/`. */
  pages: readonly string[];
  /** The original application's REST paths. */
  legacy: readonly string[];
  /** The paths that providers send browsers back to. */
  signIns: readonly { provider: string; callbackPath: string }[];
};

/** The route of a path that is not ours. */
export const otherRoute = 'other';

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

/** The method of a request, or `other`: clients may invent as many as they like. */
export const methodOf = (method: string): string => (knownMethods.has(method) ? method : 'other');

/** Tells the route of a path. */
export function createRouteOf({ routes, pages }: KnownPaths): (path: string) => string {
  const known = new Map<string, string>([
    ...pages.map((path): [string, string] => [matchedPath(path), 'pages']),
    ...routes.map((path): [string, string] => [matchedPath(path), path]),
  ]);
  return (path) =>
    known.get(matchedPath(path)) ?? (path.toLowerCase().startsWith('/assets/') ? 'pages' : otherRoute);
}
