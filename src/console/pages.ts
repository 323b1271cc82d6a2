import { fileURLToPath } from 'node:url';
import { type RequestHandler, Router } from 'express';

/** What this gateway can do, so that the console has no button that would lead nowhere. */
export type ConsoleOffer = {
  /** The configured sign-ins; `label` is what people call the provider: "Microsoft". */
  signIns: readonly { label: string; loginPath: string }[];
  /** Whether an AWS role can be connected. */
  aws: boolean;
};

const folder = fileURLToPath(new URL('.', import.meta.url));
const files = {
  '/': 'index.html',
  ...named(
    'console.css',
    'accounts.css',
    'console.js',
    'account-list.js',
    'account-card.js',
    'subscription-table.js',
    'connect-account.js',
    'connect-aws.js',
    'trust-policy.js',
    'parts.js',
    'session-api.js',
    'icon.svg',
  ),
  // A JSON answer opened in a tab names no icon, and the browser then asks for this one.
  '/favicon.ico': 'icon.svg',
};
const offerPath = '/console.json';

/** The paths that `consolePages` answers. */
export const consolePaths = [...Object.keys(files), offerPath];

/** The built-in web page at `/`, served from files; this list, what it has on offer, and nothing else. */
export function consolePages(offer: ConsoleOffer): Router {
  const router = Router();
  for (const [path, file] of Object.entries(files)) router.get(path, send(file));
  router.get(offerPath, (_req, res) => {
    res.json(offerJson(offer));
  });
  return router;
}

const offerJson = ({ signIns, aws }: ConsoleOffer) => ({
  signIns: signIns.map(({ label, loginPath }) => ({
    provider: label,
    label: `Sign in with ${label}`,
    href: loginPath,
  })),
  aws,
});

const send =
  (file: string): RequestHandler =>
  (_req, res) => {
    res.sendFile(file, {
      root: folder,
      acceptRanges: false,
      cacheControl: false,
      etag: false,
      lastModified: false,
    });
  };

function named(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`/${name}`, name]));
}
