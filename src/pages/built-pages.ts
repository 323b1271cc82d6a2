import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Request, type RequestHandler, Router } from 'express';
import { GatewayError } from '../errors.ts';

/** Where `npm run build` puts the pages; see `vite.config.ts`. */
const builtFolder = fileURLToPath(new URL('../../dist/pages/', import.meta.url));

const pageNames = ['console', 'playground'] as const;
export type PageName = (typeof pageNames)[number];

/** A year, in seconds: the name of an asset changes with its content. */
const foreverSeconds = 31_536_000;

/** The ending of a file's name by its content coding, the best first. */
const endings = { br: '.br', gzip: '.gz', identity: '' } as const;
type Coding = keyof typeof endings;
const codings = Object.keys(endings) as Coding[];

type Assets = ReadonlyMap<string, ReadonlyMap<Coding, Buffer>>;

/**
 * The pages as they were built when the first of them was asked for: a build beside the gateway takes nothing away
 * from people who have them open, and a download that is broken off leaves no file open.
 */
export type BuiltPages = {
  /** Undefined where the page is not built, as by `npm ci --omit=dev`. */
  html(name: PageName): string | undefined;
  /** A script or style of a page by its path, in each coding that it is built in. */
  asset(path: string): ReadonlyMap<Coding, Buffer> | undefined;
};

const htmlFile = (name: PageName, folder = builtFolder) => join(folder, name, 'app', 'index.html');

/** Whether there is all that people are to see. */
export const arePagesBuilt = (): boolean => pageNames.every((name) => existsSync(htmlFile(name)));

/** What is built, read at once when some of it is needed: a few megabytes. */
export function createBuiltPages(folder = builtFolder): BuiltPages {
  let read: { html: ReadonlyMap<PageName, string>; assets: Assets } | undefined;
  const pages = () => {
    read ??= { html: readHtml(folder), assets: readAssets(join(folder, 'assets')) };
    return read;
  };
  return { html: (name) => pages().html.get(name), asset: (path) => pages().assets.get(path) };
}

const readHtml = (folder: string): ReadonlyMap<PageName, string> =>
  new Map(
    pageNames
      .filter((name) => existsSync(htmlFile(name, folder)))
      .map((name) => [name, readFileSync(htmlFile(name, folder), 'utf8')]),
  );

function readAssets(folder: string): Assets {
  const names = new Set(existsSync(folder) ? readdirSync(folder) : []);
  const isPlain = (name: string) => !['.br', '.gz'].includes(extname(name));
  return new Map(
    [...names]
      .filter(isPlain)
      .map((name) => [
        `/assets/${name}`,
        new Map(
          codings
            .filter((coding) => names.has(name + endings[coding]))
            .map((coding) => [coding, readFileSync(join(folder, name + endings[coding]))]),
        ),
      ]),
  );
}

/** Serves the scripts and styles in the best coding that the browser takes, to be kept for good. */
export function builtAssets(pages: BuiltPages): Router {
  const router = Router();
  router.get('/assets/:name', (req, res, next) => {
    const files = pages.asset(req.path);
    if (!files) {
      next();
      return;
    }
    const coding = codings.find((each) => files.has(each) && req.acceptsEncodings([each])) ?? 'identity';
    res.vary('Accept-Encoding');
    res.set('Cache-Control', `public, max-age=${foreverSeconds}, immutable`);
    if (coding !== 'identity') res.set('Content-Encoding', coding);
    res.type(extname(req.path)).send(files.get(coding));
  });
  return router;
}

/** The HTML of a page, or what it takes to have it. */
export const pageHtml =
  (pages: BuiltPages, name: PageName): RequestHandler =>
  (_req, res) => {
    const html = pages.html(name);
    if (html === undefined)
      throw new GatewayError(
        'NOT_FOUND',
        `The ${name} is not built: run \`npm run build\` where the development packages are installed`,
      );
    res.type('html').send(html);
  };

/**
 * Whether a client would rather have a page than JSON, as browsers say that go to an address. JSON comes first for those
 * who take anything, as clients that are no browser do.
 */
export const wantsPage = (req: Request): boolean =>
  req.accepts(['json', 'application/graphql-response+json', 'html']) === 'html';
