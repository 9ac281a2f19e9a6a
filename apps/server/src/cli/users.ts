import { randomBytes } from 'node:crypto';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { nobodyMayJoin } from '../identity/may-join.ts';
import { openSignIn } from '../identity/open-sign-in.ts';
import { openCliStore } from './open-cli-store.ts';
import { type OpenCliUsers, runUsersCommand } from './users-command.ts';
import type { World } from './world.ts';

/** `tokenrouter users ...`, while the server runs on the same data folder and when it does not. */
export function runUsers(args: readonly string[], world: World): Promise<number> {
  return runUsersCommand(args, { ...world, open: () => openCliUsers(world), nowMs: () => Date.now() });
}

async function openCliUsers({ variables, warn, keepStore }: World): Promise<OpenCliUsers> {
  const config = readConfig(variables, readTextFile);
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: (_: unknown, text: string) => warn(`${text}\n`) };
  const { store, close } = await openCliStore(config, log, keepStore);
  const { HOST, PORT, TOKENROUTER_PUBLIC_URL: named } = config.environment;
  const url = named ?? `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
  try {
    const signIn = openSignIn({
      pool: store.openAuthPool(),
      withMigrationLock: store.withMigrationLock,
      ...store.accounts,
      insertUsedCode: store.signIn.insertUsedCode,
      // Nobody signs in here, so that no cookie is ever signed with it.
      secret: randomBytes(32).toString('base64url'),
      url,
      settings: config.file.sign_in,
      providers: [],
      askOnce: () => Promise.reject(new Error('A command asks no provider.')),
      mayJoin: nobodyMayJoin,
      sendReset: async () => undefined,
      onReset: async () => undefined,
      nowMs: () => Date.now(),
      onWarning: silent,
    });
    await signIn.load();
    return { store, openReset: signIn.accounts.openReset, url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
