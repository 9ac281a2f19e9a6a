import { parseArgs } from 'node:util';

/**
 * What takes too long for `npm test`. `npm run soak -- --kills 50` kills the server under load again and again;
 * `npm run soak -- --fuzz 1000000` answers that many calls with what no provider should send. Either takes `--seed`.
 */
const { values } = parseArgs({ strict: false, options: { fuzz: { type: 'string' } } });
await import(values.fuzz === undefined ? './kills.ts' : './fuzz.ts');
