import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const compressions = { br: promisify(brotliCompress), gz: promisify(gzip) };

/** Puts each script and style beside itself in compressed form, so that the gateway need not compress anything. */
const compressedBeside: Plugin = {
  name: 'compressed-beside',
  generateBundle: {
    // Vite itself writes into the scripts at this point.
    order: 'post',
    async handler(_options, bundle) {
      for (const file of Object.values(bundle).filter(({ fileName }) => /\.(js|css)$/.test(fileName))) {
        const source = file.type === 'chunk' ? file.code : file.source;
        for (const [ending, compress] of Object.entries(compressions))
          this.emitFile({
            type: 'asset',
            fileName: `${file.fileName}.${ending}`,
            source: await compress(source),
          });
      }
    },
  },
};

/** Takes the fonts and images out of GraphiQL's style sheet: they are data: URLs, which the pages' policy refuses. */
const withoutDataUrls: Plugin = {
  name: 'without-data-urls',
  enforce: 'pre',
  transform: {
    filter: { id: /\/graphiql\/dist\/style\.css$/ },
    handler: (css) =>
      css
        .replaceAll(/@font-face\s*\{[^}]*\}/g, '')
        .replaceAll(/background-image:\s*url\("data:[^"]*"\);?/g, ''),
  },
};

/** Builds the pages that the gateway serves: `npm run build`. `built-files.ts` reads what this writes. */
export default defineConfig({
  root: 'src',
  publicDir: false,
  plugins: [react(), withoutDataUrls, compressedBeside],
  resolve: {
    alias: {
      'react-style-singleton': fileURLToPath(
        new URL('../playground/app/adopted-styles.tsx', import.meta.url),
      ),
    },
  },
  build: {
    outDir: '../dist/pages',
    emptyOutDir: true,
    manifest: true,
    modulePreload: { polyfill: false },
    // An asset inside the style sheet would be a data: URL, which the pages' policy refuses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      // React's compiler leaves a directive in GraphiQL that means nothing in a bundle.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
      input: { console: 'src/console/app/index.html', playground: 'src/playground/app/index.html' },
    },
  },
});
