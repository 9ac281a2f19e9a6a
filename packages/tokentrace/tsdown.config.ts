import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'tsdown';

const shared: UserConfig = { entry: ['src/index.ts'], platform: 'neutral', target: 'es2022', clean: false };

/**
 * What is published: modules and CommonJS for every runtime, with our own packages inside and nothing else. TypeScript 7
 * has no programming interface, so that the declarations are written from the explicit types alone.
 */
export default defineConfig([
  {
    ...shared,
    format: ['esm', 'cjs'],
    dts: false,
    treeshake: { moduleSideEffects: false },
    outExtensions: ({ format }) => ({ js: format === 'cjs' ? '.cjs' : '.mjs' }),
  },
  {
    ...shared,
    format: ['esm'],
    dts: { oxc: true, emitDtsOnly: true },
    // No public type is made of its types; a test reads the declarations without it.
    deps: { neverBundle: ['@app/protocol'] },
    outExtensions: () => ({ dts: '.d.mts' }),
    hooks: {
      // It imports nothing, so that what holds for a module holds for `require` too.
      'build:done': ({ options }) =>
        copyFile(join(options.outDir, 'index.d.mts'), join(options.outDir, 'index.d.cts')),
    },
  },
]);
