import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { readConfig } from '../src/config/read-config.ts';
import type { Setup } from '../src/identity/create-setup.ts';
import { createClosingStack } from '../src/start/closing-stack.ts';
import { openSecrets } from '../src/start/open-secrets.ts';
import { wire } from '../src/wire.ts';
import { openTestStore } from './open-test-store.ts';

export type WholeServer = {
  url: string;
  app: FastifyInstance;
  setup: Setup;
  /** What was logged as an error. */
  errors: unknown[];
  close(): Promise<void>;
};

/** Nothing listens there: the trace store is away, as it may be for hours. */
const AWAY = 'http://127.0.0.1:9';

/** The server as `start` wires it, in this process, on a database of its own, without a trace store. */
export async function openWholeServer(yaml: string): Promise<WholeServer> {
  const test = await openTestStore();
  const dataDir = await mkdtemp(join(tmpdir(), 'whole-data-'));
  const dashboardDir = join(dataDir, 'dashboard');
  await mkdir(dashboardDir);
  await writeFile(join(dashboardDir, 'index.html'), '<!doctype html>');
  const errors: unknown[] = [];
  const stack = createClosingStack((error) => errors.push(error));
  stack.add(async () => {
    await test.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const variables = {
    HOST: '127.0.0.1',
    TOKENROUTER_DATA_DIR: dataDir,
    TOKENROUTER_CONFIG: 'tokenrouter.yaml',
    TOKENROUTER_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  };
  const config = readConfig(variables, () => yaml);
  const log = pino({ level: 'error' }, { write: (line) => void errors.push(line) });
  const { app, setup, drainBackground } = await wire({
    config,
    secrets: await openSecrets(config, variables),
    places: { postgres: test.place, clickhouse: { url: AWAY } },
    dashboardDir,
    publicUrl: 'http://127.0.0.1:4000',
    onSetupDone: () => undefined,
    log,
    stack,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    app,
    setup,
    errors,
    close: async () => {
      await app.close();
      await drainBackground(1_000);
      await stack.close();
    },
  };
}
