import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What needs no system packages either, and takes seconds. */
const slow = [
  'test/contract/session-model.test.ts',
  'test/doubles/google-double.test.ts',
  'test/hot-path/*.test.ts',
  'test/http/azure-cache.test.ts',
  'test/http/aws-refusals.test.ts',
  'test/http/faces.test.ts',
  'test/http/openapi-answers.test.ts',
  'test/http/rate-limits.test.ts',
  'test/ops/metrics.test.ts',
  'test/ops/tracing.test.ts',
];

const load = ['test/fuzz/*.test.ts', 'test/soak/*.test.ts'];

/**
 * `quick` is what `npm test` runs: no system packages, under a minute. `process` starts gateways as processes of
 * their own, and what takes long, `load` sends them so much that nothing else should run beside, `redis` runs on real Redis servers, `browser` drives Chromium; `npm run check` runs all.
 */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  // The build that Node takes, and Apollo with it: with the other one there would be two of each of its classes.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: [
            '**/node_modules/**',
            'test/e2e/**',
            'test/process/**',
            'test/redis/**',
            ...load,
            ...slow,
          ],
          // Its files leave nothing behind, and loading the SDKs anew for each would take longer than the tests.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'process', include: ['test/process/**/*.test.ts', ...slow] } },
      { extends: true, test: { name: 'load', include: load, maxWorkers: 1 } },
      { extends: true, test: { name: 'redis', include: ['test/redis/**/*.test.ts'] } },
      // A page takes many times longer on a machine that is busy.
      { extends: true, test: { name: 'browser', include: ['test/e2e/**/*.test.ts'], testTimeout: 120_000 } },
    ],
  },
});
