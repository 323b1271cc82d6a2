import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Request, type RequestHandler, Router } from 'express';
import sirv from 'sirv';
import { GatewayError } from '../errors.ts';

/** Where `npm run build` puts the pages; see `vite.config.ts`. */
const folder = fileURLToPath(new URL('../../dist/pages/', import.meta.url));
const assetsFolder = `${folder}assets`;

/** A year, in seconds: the name of an asset changes with its content. */
const foreverSeconds = 31_536_000;

/** Whether there is anything to serve: `npm ci` builds the pages, but not with `--omit=dev`. */
export const arePagesBuilt = (): boolean => existsSync(assetsFolder);

/** Whether a client would rather have a page than JSON, as browsers say that go to an address. */
export const wantsPage = (req: Request): boolean => req.accepts(['json', 'html']) === 'html';

/** The paths of the scripts and styles of all pages. */
export const assetPaths = (): string[] =>
  arePagesBuilt() ? readdirSync(assetsFolder).map((name) => `/assets/${name}`) : [];

/** The scripts and styles, compressed where the browser takes that, to be kept for good. */
export function builtAssets(): Router {
  const router = Router();
  if (arePagesBuilt())
    router.use(
      '/assets',
      wholeFiles,
      sirv(assetsFolder, { brotli: true, gzip: true, etag: false, maxAge: foreverSeconds, immutable: true }),
    );
  return router;
}

/** A part of a script is of no use to anybody, and a wrong range would be answered without a word. */
const wholeFiles: RequestHandler = (req, _res, next) => {
  delete req.headers.range;
  next();
};

/**
 * The HTML of a page, afresh: a build beside a running gateway gives its assets other names.
 *
 * @throws GatewayError NOT_FOUND where the pages are not built
 */
export function builtPage(name: 'console' | 'playground'): string {
  try {
    return readFileSync(`${folder}${name}/app/index.html`, 'utf8');
  } catch (cause) {
    throw new GatewayError(
      'NOT_FOUND',
      `The ${name} is not built: run \`npm run build\` where the development packages are installed`,
      { cause },
    );
  }
}
