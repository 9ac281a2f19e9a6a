import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createInterface } from 'node:readline';
import type { ChildSettings } from './child-settings.ts';
import { createBridge } from './create-bridge.ts';
import { keyVariable, writeEngineConfig } from './engine-config.ts';
import { openSessionPool, type SessionPool } from './open-session-pool.ts';

/**
 * The process that holds the engine. Started by openLocalClickhouse, told what to do by one line on standard input;
 * when that input ends, the parent is gone or wants us to stop, and we do.
 */
const input = createInterface({ input: process.stdin });
let stop: (() => Promise<void>) | undefined;

input.once('line', (line) => {
  start(JSON.parse(line)).then(
    (stopRunning) => {
      stop = stopRunning;
    },
    (error: unknown) => leave(error instanceof Error ? error.message : String(error)),
  );
});
input.once('close', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 8_000);
  void (stop?.() ?? Promise.resolve()).finally(() => process.kill(process.pid, 'SIGKILL'));
});
process.on('uncaughtException', (error) => leave(error.message));

/** Ends at once with a status that makes the parent start us again. Exit hooks are skipped, they run engine code. */
function leave(reason: string): void {
  process.stderr.write(`bridge: ${reason.slice(0, 300)}\n`, () => process.kill(process.pid, 'SIGKILL'));
}

async function start(settings: ChildSettings): Promise<() => Promise<void>> {
  const { socketPath, dataPath, configFolder, keyHex, isDrained } = settings;
  // The engine reads the key from the environment; set here it never shows in /proc/<pid>/environ.
  if (keyHex !== undefined) process.env[keyVariable] = keyHex;
  const configFile = writeEngineConfig({ folder: configFolder, dataPath, isEncrypted: keyHex !== undefined });
  const pool = await openSessionPool({ dataPath, configFile, isDrained }, settings.pool, leave);
  const server = createServer(
    // The parent's idle connections are never closed from here: it might be sending on one at that moment.
    { keepAliveTimeout: 0, requestTimeout: 300_000, headersTimeout: 60_000 },
    createBridge(pool, settings.bridge),
  );
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o600);
  return () => stopRunning(server, pool);
}

async function stopRunning(server: Server, pool: SessionPool): Promise<void> {
  server.close();
  server.closeAllConnections();
  await pool.close();
}
