/** `npm run dev`: the server, started again when its code changes, and the dashboard, reloaded when its own does. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createServer } from 'vite';

const root = resolve(import.meta.dirname, '..');
const server = spawn(
  process.execPath,
  ['--watch', '--watch-preserve-output', join(root, 'apps/server/src/main.ts'), 'start'],
  {
    stdio: 'inherit',
  },
);
const dashboard = await createServer({
  configFile: join(root, 'apps/dashboard/vite.config.ts'),
  root: join(root, 'apps/dashboard'),
});
await dashboard.listen();
dashboard.printUrls();

const stop = async () => {
  server.kill('SIGTERM');
  await dashboard.close();
  process.exit();
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
server.on('exit', stop);
