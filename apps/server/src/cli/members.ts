import { randomBytes } from 'node:crypto';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { ensureDefaultTenant } from '../identity/ensure-default-tenant.ts';
import { newId } from '../ids.ts';
import { openMembers } from '../start/open-members.ts';
import { openConfiguredMailer } from '../start/open-messages.ts';
import { schedule } from '../start/schedule.ts';
import { runMembersCommand } from './members-command.ts';
import { openCliStore } from './open-cli-store.ts';
import { runSignInPolicyCommand } from './sign-in-policy-command.ts';
import type { OpenCliMembers } from './with-cli-members.ts';
import type { World } from './world.ts';

/** `tokenrouter members ...`, while the server runs on the same data folder and when it does not. */
export function runMembers(args: readonly string[], world: World): Promise<number> {
  return runMembersCommand(args, { ...world, open: () => openCliMembers(world) });
}

/** `tokenrouter orgs sign-in-policy ...` */
export function runSignInPolicy(args: readonly string[], world: World): Promise<number> {
  return runSignInPolicyCommand(args, { ...world, open: () => openCliMembers(world) });
}

async function openCliMembers({ variables, warn, keepStore }: World): Promise<OpenCliMembers> {
  const config = readConfig(variables, readTextFile);
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: (_: unknown, text: string) => warn(`${text}\n`) };
  const ids = { nowMs: () => Date.now(), randomBytes };
  const { store, close } = await openCliStore(config, log, keepStore);
  try {
    // The first organization is there from the first command on, as it is from the first start on.
    await ensureDefaultTenant({
      tenants: store.tenants,
      newId: (prefix) => newId(prefix, ids),
      nowMs: ids.nowMs,
      capture: config.file.defaults.capture,
    });
    const mailer = openConfiguredMailer(config, schedule);
    const { HOST, PORT, TOKENROUTER_PUBLIC_URL: named } = config.environment;
    const management = openMembers({
      store,
      // Nobody accepts an invitation here.
      accounts: { createNew: async () => undefined },
      mailer,
      settings: config.file.sign_in,
      url: named ?? `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`,
      ids,
      log,
    });
    const closeAll = async () => {
      mailer.close();
      await close();
    };
    return { store, management, close: closeAll };
  } catch (error) {
    await close();
    throw error;
  }
}
