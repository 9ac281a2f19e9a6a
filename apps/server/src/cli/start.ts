import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openInstance } from '@app/local-stack';
import pino, { type Logger } from 'pino';
import { ConfigError } from '../config/config-error.ts';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import type { Config } from '../config.ts';
import { diagnose } from '../doctor/checks.ts';
import { listFiles } from '../doctor/read-deployment.ts';
import type { Setup } from '../identity/create-setup.ts';
import { type ClosingStack, createClosingStack } from '../start/closing-stack.ts';
import { drain } from '../start/drain.ts';
import { openSecrets } from '../start/open-secrets.ts';
import { openStores } from '../start/open-stores.ts';
import { wire } from '../wire.ts';
import { describe } from './doctor.ts';
import type { World } from './world.ts';

const usage = `tokenrouter start: run the gateway, the dashboard and their stores

Takes no options. Settings come from the environment and from tokenrouter.yaml; docs/settings.md lists them all.
`;

const DASHBOARD_DIR = resolve(import.meta.dirname, '../../../dashboard/dist');

/** Runs the server until it is asked to stop; then ends what is under way and closes everything in order. */
export async function runStart(args: readonly string[], world: World): Promise<number> {
  const options = { help: { type: 'boolean', short: 'h', default: false } } as const;
  if (parseArgs({ args: [...args], options }).values.help) {
    world.print(usage);
    return 0;
  }
  const config = readConfig(world.variables, readTextFile);
  const log = createLog(config);
  const stack = createClosingStack((error) => log.error({ err: error }, 'Something could not be closed.'));
  try {
    await open(config, world, { log, stack });
    await world.stopRequested;
    world.print('Stopping ...\n');
  } finally {
    await stack.close();
  }
  return 0;
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
  protectFolder(dataDir);
  stopOnCriticalFindings(config, world);
  const instance = await openInstance({ dataDir });
  stack.add(() => instance.close());
  const secrets = await openSecrets(config, world.variables);
  const stores = { databaseUrl: DATABASE_URL, clickhouseUrl: CLICKHOUSE_URL, dataDir, instance };
  const places = await openStores({ ...stores, diskKey: secrets.dataKeys['clickhouse-disk'], log }, stack);
  const publicUrl = config.environment.TOKENROUTER_PUBLIC_URL ?? `http://${hostInUrl(HOST)}:${PORT}`;
  const { app, setup } = await wire({
    config,
    secrets,
    places,
    publicUrl,
    dashboardDir: DASHBOARD_DIR,
    onSetupDone: () => rmSync(setupLinkPath(dataDir), { force: true }),
    log,
    stack,
  });
  stack.add(() => drain(app));
  await app.listen({ host: HOST, port: PORT });
  const { port } = app.server.address() as AddressInfo;
  const url = config.environment.TOKENROUTER_PUBLIC_URL ?? `http://${hostInUrl(HOST)}:${port}`;
  world.print(`TokenRouter is ready at ${url}\n`);
  if (secrets.newMasterKeyPath !== undefined) {
    world.print(
      `A master key was made: ${secrets.newMasterKeyPath}. Keep a copy; without it the data cannot be read.\n`,
    );
  }
  await printSetupLink(setup, { world, dataDir, url });
}

/** Made before anything is in it, and closed to other accounts. */
function protectFolder(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
}

/** In production a critical finding of the checks that need no store stops the start, as `doctor` would show it. */
function stopOnCriticalFindings(config: Config, world: World): void {
  const files = listFiles(config, world.variables);
  const findings = diagnose({ config, files, nowMs: Date.now(), keys: undefined, hasOwner: undefined });
  const critical = findings.filter((finding) => finding.severity === 'critical');
  if (config.mode === 'production' && critical.length > 0) throw new ConfigError([describe(critical)]);
  if (critical.length > 0) world.warn(describe(critical));
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
