import { chmodSync, mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError } from '../config/config-error.ts';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import type { Config } from '../config.ts';
import { diagnose } from '../doctor/checks.ts';
import { describeFindings } from '../doctor/describe-findings.ts';
import { listFiles } from '../doctor/list-files.ts';
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

/** In production a critical finding of the checks that need no store stops the start, as `doctor` would show it. */
function stopOnCriticalFindings(config: Config, world: World): void {
  const files = listFiles(config, world.variables);
  const unasked = { keys: undefined, hasOwner: undefined, serverCount: undefined, counters: undefined };
  const findings = diagnose({ config, files, nowMs: Date.now(), ...unasked });
  const critical = findings.filter((finding) => finding.severity === 'critical');
  if (config.mode === 'production' && critical.length > 0)
    throw new ConfigError([describeFindings(critical)]);
  if (critical.length > 0) world.warn(describeFindings(critical));
}
