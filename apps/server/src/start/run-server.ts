import { rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { openInstance } from '@app/local-stack';
import pino, { type Logger } from 'pino';
import type { World } from '../cli/world.ts';
import type { Config } from '../config.ts';
import type { Setup } from '../identity/create-setup.ts';
import { type ClosingStack, createClosingStack } from './closing-stack.ts';
import { DRAIN_MS, drain } from './drain.ts';
import { openCertificate } from './open-certificate.ts';
import { openSecrets } from './open-secrets.ts';
import { openStores } from './open-stores.ts';
import { schedule } from './schedule.ts';

const DASHBOARD_DIR = resolve(import.meta.dirname, '../../../dashboard/dist');

/** Opens everything, serves until the process is asked to stop, then ends what is under way and closes in order. */
export async function runServer(config: Config, world: World): Promise<void> {
  const log = createLog(config);
  const stack = createClosingStack((error) => log.error({ err: error }, 'Something could not be closed.'));
  try {
    // Whatever fails unforeseen ends the server as a stop would, only sooner where it is not yet open.
    const end = Promise.race([world.stopRequested, ...(world.crashed === undefined ? [] : [world.crashed])]);
    await Promise.race([
      open(config, world, { log, stack }),
      ...(world.crashed === undefined ? [] : [world.crashed]),
    ]);
    await end;
    world.print('Stopping ...\n');
  } finally {
    await stack.close();
  }
}

/** Logs go to standard error, so that standard output is for people. No field that could hold a secret is ever written. */
function createLog(config: Config): Logger {
  const redact = [
    'authorization',
    'cookie',
    'password',
    'secret',
    'key',
    'token',
    'req',
    'res',
    'headers',
    'err.config',
  ];
  return pino({ level: config.logLevel, redact, base: null }, pino.destination({ fd: 2, sync: true }));
}

type Opening = { log: Logger; stack: ClosingStack };

async function open(config: Config, world: World, { log, stack }: Opening): Promise<void> {
  const { HOST, PORT, TOKENROUTER_DATA_DIR: dataDir, DATABASE_URL, CLICKHOUSE_URL } = config.environment;
  const instance = await openInstance({ dataDir });
  stack.add(() => instance.close());
  const secrets = await openSecrets(config, world.variables);
  const certificate = openCertificate(config.environment, { nowMs: Date.now, schedule, log });
  const settings = config.environment;
  const stores = { databaseUrl: DATABASE_URL, clickhouseUrl: CLICKHOUSE_URL, settings, dataDir, instance };
  const opened = openStores({ ...stores, diskKey: secrets.dataKeys['clickhouse-disk'], log }, stack);
  // The code is loaded while PostgreSQL starts: each takes a good part of a second.
  const [places, { wire }] = await Promise.all([opened, import('../wire.ts')]);
  const addressAt = (port: number) =>
    config.environment.TOKENROUTER_PUBLIC_URL ??
    `http${certificate === undefined ? '' : 's'}://${hostInUrl(HOST)}:${port}`;
  const { app, setup, whenListening, drainBackground } = await wire({
    config,
    secrets,
    places,
    publicUrl: addressAt(PORT),
    tls: certificate?.tls,
    world,
    dashboardDir: DASHBOARD_DIR,
    onSetupDone: () => rmSync(setupLinkPath(dataDir), { force: true }),
    log,
    stack,
  });
  stack.add(async () => void (await Promise.all([drain(app), drainBackground(DRAIN_MS)])));
  await app.listen({ host: HOST, port: PORT });
  const { port } = app.server.address() as AddressInfo;
  const url = addressAt(port);
  const watch = certificate?.watch(app.server);
  if (watch !== undefined) {
    stack.add(watch.close);
    world.onReload?.(watch.reload);
  }
  world.print(`TokenRouter is ready at ${url}\n`);
  if (secrets.newMasterKeyPath !== undefined) {
    world.print(
      `A master key was made: ${secrets.newMasterKeyPath}. Keep a copy; without it the data cannot be read.\n`,
    );
  }
  await printSetupLink(setup, { world, dataDir, url });
  whenListening();
}

type LinkPlace = { world: World; dataDir: string; url: string };

/** To a terminal the link is shown; elsewhere output may be kept in logs, so only the path of a 0600 file is. */
async function printSetupLink(setup: Setup, { world, dataDir, url }: LinkPlace): Promise<void> {
  const path = setupLinkPath(dataDir);
  rmSync(path, { force: true });
  const link = await setup.openSetupLink();
  if (link === undefined) return;
  const address = `${url}/setup${new URL(link.url).hash}`;
  if (world.isTerminal) {
    world.print(`Create the owner within 30 minutes: ${address}\n`);
    return;
  }
  writeFileSync(path, `${address}\n`, { mode: 0o600 });
  world.print(`Create the owner within 30 minutes: the link is in ${resolve(path)}\n`);
}

const setupLinkPath = (dataDir: string): string => join(dataDir, 'setup-link');

const hostInUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);
