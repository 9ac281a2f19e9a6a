import { chmodSync, mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError } from '../config/config-error.ts';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import type { Config } from '../config.ts';
import { diagnose, listStopping } from '../doctor/checks.ts';
import { describeFindings, summaryOf } from '../doctor/describe-findings.ts';
import { readMachine } from '../doctor/read-machine.ts';
import { unknownStore } from '../doctor/unknown-store.ts';
import type { World } from './world.ts';

const usage = `tokenrouter start: run the gateway, the dashboard and their stores

Takes no options. Settings come from the environment and from tokenrouter.yaml; docs/settings.md lists them all.
`;

/** Runs the server until it is asked to stop; then ends what is under way and closes everything in order. */
export async function runStart(args: readonly string[], world: World): Promise<number> {
  const options = { help: { type: 'boolean', short: 'h', default: false } } as const;
  if (parseArgs({ args: [...args], options }).values.help) {
    world.print(usage);
    return 0;
  }
  const config = readConfig(world.variables, readTextFile);
  protectFolder(config.environment.TOKENROUTER_DATA_DIR);
  stopOnCriticalFindings(config, world);
  // Only now, so that settings that cannot be used are refused before the server's code is loaded.
  const { runServer } = await import('../start/run-server.ts');
  await runServer(config, world);
  return 0;
}

/** Made before anything is in it, and closed to other accounts. */
function protectFolder(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
}

/**
 * What can be said without a store. In production a critical finding that nobody accepted stops the start, as `doctor` would
 * show it; in development it is only told.
 */
function stopOnCriticalFindings(config: Config, world: World): void {
  const unasked = { ...unknownStore, audit: undefined, counters: undefined, storeAddresses: undefined };
  const diagnosis = diagnose({ config, nowMs: Date.now(), ...readMachine(config, world), ...unasked });
  const stopping = listStopping(diagnosis);
  if (config.mode === 'production' && stopping.length > 0) {
    throw new ConfigError([`${describeFindings(stopping)}\n${HOW_TO_ACCEPT}`]);
  }
  const grave = diagnosis.findings.filter(({ severity, accepted }) => severity !== 'notice' && !accepted);
  if (grave.length > 0) world.warn(`${summaryOf(diagnosis)} "tokenrouter doctor" tells what to change.\n`);
}

const HOW_TO_ACCEPT =
  'What has to be so is named under "accepted_findings" in tokenrouter.yaml, with a reason; docs/hardening.md tells more.';
