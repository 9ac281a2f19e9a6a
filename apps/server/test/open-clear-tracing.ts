import { mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { openLocalClickhouse, openLocalPostgres } from '@app/local-stack';
import { openStore } from '@app/store';
import { createRecorder, openLoader, openSpool, type SpoolOptions } from '@app/tracing';
import { createTestServer } from './create-test-server.ts';
import { silentLog } from './open-test-store.ts';
import { testKeys } from './test-keys.ts';

export type ClearTracing = {
  url: string;
  keys: { live: string; sandbox: string };
  spoolDir: string;
  engineDir: string;
  /** Brings every call so far into the spool and into the engine's files. */
  load(): Promise<void>;
  close(): Promise<void>;
};

const KEY = Buffer.alloc(32, 7);
const clock = { nowMs: () => Date.now() };
const schedule = (delayMs: number, run: () => void) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/** Writes frames as they are. No setting of the product leads here. */
const withoutEncryption: NonNullable<SpoolOptions['openCipher']> = () => ({
  seal: (plain) => ({ body: plain, tag: Buffer.alloc(16) }),
  open: ({ body }) => body,
});

/**
 * The gateway with its tracing, where nothing is encrypted or compressed: the control of a search that should find
 * nothing elsewhere. One spool stays as it is; a second one is loaded, because the loader reads encrypted segments only.
 */
export async function openClearTracing(
  folder: string,
  { upstreamUrl, models }: { upstreamUrl: string; models: readonly string[] },
): Promise<ClearTracing> {
  const [dataDir, runDir, spoolDir] = ['data', 'run', 'clear'].map((name) => join(folder, name));
  if (dataDir === undefined || runDir === undefined || spoolDir === undefined) throw new Error('No folders.');
  for (const path of [dataDir, runDir]) mkdirSync(path, { mode: 0o700 });
  const [postgres, engine] = await Promise.all([
    openLocalPostgres({ dataDir, runDir, log: silentLog }),
    openLocalClickhouse({ dataDir, runDir, key: 'none', log: silentLog }),
  ]);
  const store = await openStore({
    postgres: { host: postgres.host, port: postgres.port, user: postgres.user, database: postgres.database },
    clickhouse: { url: 'http://localhost', socketPath: engine.socketPath },
    log: silentLog,
    nowMs: clock.nowMs,
  });
  await store.whenTracesReady();
  await runSql(engine.socketPath, 'ALTER TABLE contents MODIFY COLUMN content CODEC(NONE)');
  await runSql(engine.socketPath, 'ALTER TABLE spans MODIFY COLUMN input_preview CODEC(NONE)');

  const common = { key: KEY, clock, schedule, log: silentLog };
  const clear = openSpool({ ...common, dir: spoolDir, openCipher: withoutEncryption });
  const loaded = openSpool({ ...common, dir: join(folder, 'loaded') });
  const loader = openLoader({
    ...common,
    spool: loaded,
    contentKey: KEY,
    nameKey: KEY,
    load: store.traces.loadSegment,
  });
  const provider = { id: 'local', dialect: 'openai-chat', baseUrl: `${upstreamUrl}/v1`, models } as const;
  const server = await createTestServer({ providers: [provider] });
  return {
    url: server.url,
    keys: testKeys,
    spoolDir,
    engineDir: join(dataDir, 'clickhouse'),
    load: async () => {
      for (const spool of [clear, loaded]) {
        const { recordCall } = createRecorder({ spool, log: silentLog });
        for (const record of server.records) recordCall(record);
      }
      await clear.flush();
      if (!(await loader.drain(60_000))) throw new Error('The engine did not take the calls.');
    },
    close: async () => {
      await server.close();
      await loader.close();
      await clear.close();
      await loaded.close();
      await store.close();
      await Promise.all([postgres.stop(), engine.stop()]);
    },
  };
}

function runSql(socketPath: string, sql: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const sent = request({ socketPath, method: 'POST', path: '/' }, (response) => {
    response.resume();
    response.on('end', () => {
      if (response.statusCode === 200) resolve();
      else reject(new Error(`${sql}: status ${response.statusCode}`));
    });
  });
  sent.on('error', reject);
  sent.end(sql);
  return promise;
}
