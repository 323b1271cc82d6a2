import { fileURLToPath } from 'node:url';
import { type RequestHandler, Router } from 'express';

const folder = fileURLToPath(new URL('.', import.meta.url));
const files = {
  '/': 'index.html',
  ...named('console.css', 'console.js', 'session-api.js', 'icon.svg'),
  // A JSON answer opened in a tab names no icon, and the browser then asks for this one.
  '/favicon.ico': 'icon.svg',
};

/** The paths that `consolePages` answers. */
export const consolePaths = Object.keys(files);

/** The built-in web page at `/`, served from files; this list and nothing else of its folder. */
export function consolePages(): Router {
  const router = Router();
  for (const [path, file] of Object.entries(files)) router.get(path, send(file));
  return router;
}

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
