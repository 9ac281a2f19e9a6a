import { defineConfig } from 'vitest/config';

/** `npm run conformance`: our readers and writers against recordings that live outside the project. */
export default defineConfig({
  test: {
    include: ['packages/**/*.conformance.test.ts'],
    testTimeout: 60_000,
    reporters: ['default'],
  },
});
