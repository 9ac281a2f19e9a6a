import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Nothing in them outlives a test, so that their files share one worker instead of having one each. */
const PURE = ['packages/{protocol,contract,providers,gateway,redact}/**/*.test.ts', 'scripts/**/*.test.ts'];

/** They share one server and one browser. */
const DASHBOARD = ['apps/dashboard/test/**/*.test.ts'];

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '**/*.conformance.test.ts'],
    // Most of the time goes to waiting for processes and sockets, so a core is not kept free.
    maxWorkers: 2,
    // Where servers keep theirs: threads and processes that tests start do not compile again what the last one did.
    env: { NODE_COMPILE_CACHE: resolve(import.meta.dirname, 'node_modules/.cache/tokenrouter') },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', './scripts/summary-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      {
        extends: true,
        test: {
          name: 'whole',
          // They load the same code. What one opens it closes, and modules hold no state that another could meet.
          isolate: false,
          include: ['packages/**/*.test.ts', 'apps/**/*.test.ts'],
          exclude: [...PURE, ...DASHBOARD],
          globalSetup: './packages/store/test/shared-databases.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'dashboard',
          include: DASHBOARD,
          isolate: false,
          globalSetup: './apps/dashboard/test/shared-dashboard.ts',
        },
      },
    ],
  },
});
