import { ConfigError } from '../config/config-error.ts';
import { readVersion } from '../start/read-version.ts';
import { findCliChange } from './find-cli-change.ts';
import { help } from './help.ts';
import type { World } from './world.ts';

/** Runs one command; the answer is the exit status: 0 done, 1 failed, 2 used wrongly. */
export async function runCommand(args: readonly string[], world: World): Promise<number> {
  try {
    const change = findCliChange(args);
    if (change === undefined) return await runNamed(args, world);
    const { auditCommand } = await import('./audit-command.ts');
    return await auditCommand(change, world, (kept) => runNamed(args, kept));
  } catch (error) {
    world.warn(`${sentenceOf(error)}\n`);
    return error instanceof ConfigError ? 2 : 1;
  }
}

async function runNamed(args: readonly string[], world: World): Promise<number> {
  const [name = 'help', ...rest] = args;
  // Each command is loaded when it is asked for, so that a short one does not wait for the whole server's code.
  if (name === 'start') return await (await import('./start.ts')).runStart(rest, world);
  if (name === 'keys') return await runKeyCommand(rest, world);
  if (name === 'credentials') return await (await import('./credentials.ts')).runCredentials(rest, world);
  if (name === 'limits') return await (await import('./limits-command.ts')).runLimits(rest, world);
  if (name === 'alerts') return await (await import('./alerts-command.ts')).runAlerts(rest, world);
  if (name === 'budgets') return await (await import('./limits-command.ts')).runBudgets(rest, world);
  if (name === 'orgs' || name === 'projects')
    return await (await import('./tenancy.ts')).runTenancy(name, rest, world);
  if (name === 'members') return await (await import('./members.ts')).runMembers(rest, world);
  if (name === 'users') return await (await import('./users.ts')).runUsers(rest, world);
  if (name === 'prices') return await (await import('./prices.ts')).runPrices(rest, world);
  if (name === 're-price') return await (await import('./re-price.ts')).runRePrice(rest, world);
  if (name === 'data') return await (await import('./data.ts')).runData(rest, world);
  if (name === 'mail') return await (await import('./mail.ts')).runMail(rest, world);
  if (name === 'doctor') return await (await import('./doctor.ts')).runDoctor(rest, world);
  if (name === 'audit') return await (await import('./audit.ts')).runAudit(rest, world);
  if (['version', '--version', '-v'].includes(name)) world.print(`${readVersion()}\n`);
  else if (['help', '--help', '-h'].includes(name)) world.print(help);
  else {
    world.warn(`There is no command "${name}".\n\n${help}`);
    return 2;
  }
  return 0;
}

async function runKeyCommand(args: readonly string[], world: World): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'rotate-master') return (await import('./rotate-master.ts')).runRotateMaster(rest, world);
  if (name === 'wrap-master') return (await import('./wrap-master.ts')).runWrapMaster(rest, world);
  return (await import('./keys.ts')).runKeys(args, world);
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
