import type { RequestHandler } from 'express';
import { GatewayError } from '../errors.ts';

/** Reads a request header by its lower-case name. */
export type HeaderOf = (name: string) => string | undefined;

/** Whether a request was made by a page that may not change anything here. */
export type IsForeign = (header: HeaderOf) => boolean;

/**
 * Tells calls of foreign pages from those of the allowed front ends, of the gateway's own pages, and of clients that
 * are no browser.
 *
 * The attack is cross-site request forgery (CWE-352): a page makes the browser of a signed-in person call, and the
 * cookie goes along. `Origin` names the page that calls (Fetch, section 3.2); a GET by link or `<img>` has none, so
 * then the `Referer` does, and where the page hides that, `Sec-Fetch-Site` still says that there is one (Fetch
 * Metadata, section 2.3). That also tells of a link that went by another site, which a `Referer` does not: it names the
 * page that began. Without any of them it is no browser, and holds no cookie but its own.
 */
export function createIsForeign(options: {
  allowed: ReadonlySet<string>;
  /** The gateway's own URL, given the Host header. */
  publicUrl(host: string | undefined): string;
}): IsForeign {
  const { allowed, publicUrl } = options;
  const isAllowed = (page: string, header: HeaderOf) =>
    allowed.has(page) || page === new URL(publicUrl(header('host'))).origin;
  return (header) => {
    const origin = header('origin');
    if (origin !== undefined) return !isAllowed(origin, header);
    const site = header('sec-fetch-site');
    const page = originOf(header('referer'));
    if (page === undefined) return site !== undefined && !['same-origin', 'none'].includes(site);
    return site === 'cross-site' || !isAllowed(page, header);
  };
}

/** A Referer that is no URL names a page that hides. */
const originOf = (referer: string | undefined): string | undefined =>
  referer === undefined ? undefined : (URL.parse(referer)?.origin ?? 'null');

export const foreignCall = 'This page may not change anything here; its origin has to be in CORS_ORIGINS';

/** Refuses calls of foreign pages, for paths that change something. */
export const noForeignCalls =
  (isForeign: IsForeign): RequestHandler =>
  (req, _res, next) => {
    if (isForeign((name) => req.get(name))) throw new GatewayError('FORBIDDEN_ORIGIN', foreignCall);
    next();
  };

/**
 * Refuses what foreign pages load into themselves (images, frames, fetches). For the sign-in paths: any page may
 * link to them, and providers send the browser back to them, but only in the open.
 */
export const noForeignEmbedding =
  (isForeign: IsForeign): RequestHandler =>
  (req, _res, next) => {
    const header: HeaderOf = (name) => req.get(name);
    const isInTheOpen = (header('sec-fetch-dest') ?? 'document') === 'document';
    if (!isInTheOpen && isForeign(header))
      throw new GatewayError('FORBIDDEN_ORIGIN', 'A sign-in cannot be loaded into another page; link to it');
    next();
  };
