import { arePagesBuilt } from '../pages/built-pages.ts';
import type { Check } from './check.ts';

/** The first Node that runs TypeScript as it is without a flag: 22.18 (nodejs.org/api/typescript.html). */
const leastNode = [22, 18] as const;

/** Whether this Node runs the gateway. An older one comes no further than `start.cjs`. */
export const nodeCheck: Check = {
  title: 'Node',
  async run() {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const isOld = major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1]);
    const problem = `the gateway needs Node ${leastNode.join('.')} or later`;
    return {
      looked: process.versions.node,
      ...(isOld && { faults: [{ problem, mend: 'npm ci installs one; or install it from nodejs.org' }] }),
    };
  },
};

/** Whether the console and the playground can be shown. The API works without. */
export const pagesCheck: Check = {
  title: 'Pages',
  async run() {
    if (arePagesBuilt()) return { looked: 'the console and the playground are built' };
    const mend =
      'npm ci && npm run build, with the development packages; or set FRONTEND_URL, and use the API alone';
    return {
      looked: 'dist/pages',
      warnings: [{ problem: 'the console and the playground are not built: / has nothing to show', mend }],
    };
  },
};
