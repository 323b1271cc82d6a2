/** A path with a bad escape, which every route refuses as a bad request. */
const unreadable = '/%';

/**
 * The path and query of a request target. Targets in absolute form are as good as their path (RFC 9112, section
 * 3.2.2); Express passes over all of its layers for one that it cannot parse, and answers HTML.
 */
export function originForm(target = unreadable): string {
  if (target.startsWith('/')) return target;
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return unreadable;
  const { pathname, search } = new URL(target);
  return pathname + search;
}
