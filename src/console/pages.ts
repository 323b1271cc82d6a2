import { fileURLToPath } from 'node:url';
import { type RequestHandler, Router } from 'express';
import { type BuiltPages, pageHtml } from '../pages/built-pages.ts';

/** What this gateway can do, so that the console has no button that would lead nowhere. */
export type ConsoleOffer = {
  /** The configured sign-ins; `label` is what people call the provider: "Microsoft". */
  signIns: readonly { label: string; loginPath: string }[];
  /** Whether an AWS role can be connected. */
  aws: boolean;
  /** Whether a sign-in ends on this gateway's own pages, as there is no front end. */
  landsHere: boolean;
  /** Whether `GET /graphql` is a playground to a browser. */
  playground: boolean;
};

const icon = fileURLToPath(new URL('./icon.svg', import.meta.url));
const offerPath = '/console.json';
/** A JSON answer opened in a tab names no icon, and the browser then asks for the second. */
const iconPaths = ['/icon.svg', '/favicon.ico'];

/** The paths that `consolePages` answers. */
export const consolePaths = ['/', offerPath, ...iconPaths];

/** The built-in web page at `/`, its icon, and what it has on offer. */
export function consolePages(pages: BuiltPages, offer: ConsoleOffer): Router {
  const router = Router();
  router.get('/', pageHtml(pages, 'console'));
  router.get(iconPaths, sendIcon);
  router.get(offerPath, (_req, res) => {
    res.json(offerJson(offer));
  });
  return router;
}

const offerJson = ({ signIns, ...offer }: ConsoleOffer) => ({
  signIns: signIns.map(({ label, loginPath }) => ({ provider: label, href: loginPath })),
  ...offer,
});

const sendIcon: RequestHandler = (_req, res) => {
  res.sendFile(icon, { acceptRanges: false, cacheControl: false, etag: false, lastModified: false });
};
