import { parseArgs } from 'node:util';

/**
 * What takes too long for `npm test`. `npm run soak -- --kills 50` kills the server under load again and again;
 * `npm run soak -- --fuzz 1000000` answers that many calls with what no provider should send, in threads of its own;
 * `npm run soak -- --sockets 20000` does the same to a server in its own process. Each takes `--seed`.
 */
const { values } = parseArgs({
  strict: false,
  options: { fuzz: { type: 'string' }, sockets: { type: 'string' }, limits: { type: 'string' } },
});
if (values.fuzz !== undefined) await import('./fuzz.ts');
else if (values.sockets !== undefined) await import('./sockets.ts');
else if (values.limits !== undefined) await import('./limit-kills.ts');
else await import('./kills.ts');
