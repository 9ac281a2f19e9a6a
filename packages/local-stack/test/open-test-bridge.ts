import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChildSettings } from '../src/clickhouse/child-settings.ts';
import { makeTestFolder } from './open-test-clickhouse.ts';
import { waitUntil } from './wait-until.ts';

/** The engine process without its supervisor, so that a test may set what is otherwise fixed. */
export async function openTestBridge(options: {
  isDrained: boolean;
}): Promise<{ query(sql: string): Promise<string>; close(): Promise<void> }> {
  const folder = makeTestFolder();
  const socketPath = join(folder.path, 'b.sock');
  const settings: ChildSettings = {
    socketPath,
    dataPath: join(folder.path, 'data'),
    configFolder: join(folder.path, 'config'),
    pool: { sessions: 1, queueMax: 16, queueWaitMs: 10_000 },
    bridge: { sqlBytesMax: 1e6, insertBytesMax: 1e6, insertPieceBytesMax: 1e6, requestsMax: 16 },
    isDrained: options.isDrained,
  };
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../src/clickhouse/child.ts', import.meta.url))],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  child.stdin.write(`${JSON.stringify(settings)}\n`);
  await waitUntil(async () => (await post(socketPath, 'SELECT 1')) === '1\n');
  return {
    query: (sql) => post(socketPath, sql),
    async close() {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      folder.remove();
    },
  };
}

/** Whatever came back, whole or cut off. */
function post(socketPath: string, sql: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const sent = request(
    { socketPath, method: 'POST', path: '/?max_execution_time=1', agent: false },
    (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      response.on('close', () => resolve(text));
    },
  );
  sent.on('error', reject);
  sent.end(sql);
  return promise;
}
