'use strict';

/**
 * What `npm start` runs: loads main.ts, in this same process, where Node can. It is written so that old ones read it
 * too: they would end at the first TypeScript file with a code that says nothing to anybody.
 */

const { join } = require('node:path');
const { enableCompileCache } = require('node:module');

if (process.features.typescript) {
  // What is compiled is kept, which makes the next start a third shorter; beside the packages, where nobody else writes.
  enableCompileCache(join(__dirname, '../node_modules/.cache/compiled'));
  import('./main.ts').catch(explain);
} else {
  process.stderr.write(
    `Node 22.18 or later is needed (this is ${process.versions.node}): npm ci brings one to npm's commands, ` +
      'unless it leaves the development packages out; or install it from https://nodejs.org\n',
  );
  process.exitCode = 1;
}

function explain(error) {
  const isMissing = error.code === 'ERR_MODULE_NOT_FOUND';
  process.stderr.write(
    isMissing ? `Packages are missing: run npm ci (${error.message})\n` : `${error.stack}\n`,
  );
  process.exitCode = 1;
}
