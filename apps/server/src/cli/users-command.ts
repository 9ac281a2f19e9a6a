import { parseArgs } from 'node:util';
import type { RelationalStore } from '@app/store';
import { resetLink } from '../identity/write-reset-mail.ts';
import { shownText, writeTable } from './write-table.ts';

export type OpenCliUsers = {
  store: Pick<RelationalStore, 'accounts' | 'tenants'>;
  /** The token of a link by which somebody can set another password. */
  openReset(userId: string, expiresAtMs: number): Promise<string>;
  /** How browsers reach the server. */
  url: string;
  close(): Promise<void>;
};

export type UsersCommandDeps = {
  /** Opens what the command works on. Not called when the options cannot be understood. */
  open(): Promise<OpenCliUsers>;
  /** Standard output: what a script reads. */
  print(text: string): void;
  /** Standard error: what a person reads. */
  warn(text: string): void;
  nowMs: () => number;
};

const usage = `tokenrouter users: who has an account, and help for those who cannot get in

  users list [--json]              show all accounts and their ways in
  users reset-link EMAIL           print a link by which they set another password, once, within 30 minutes
      --allow-password             also for an account that has no password, which then has one
  users disable-two-factor EMAIL   take the second factor away from somebody who lost it, and end their sessions
  users end-sessions EMAIL         sign somebody out everywhere; their API keys go on working
`;

const RESET_MS = 30 * 60_000;

/** Runs `users ...`. Resolves to the exit status: 0 done, 1 failed, 2 used wrongly. */
export async function runUsersCommand(args: readonly string[], deps: UsersCommandDeps): Promise<number> {
  const asked = readArguments(args);
  if (asked === 'help') {
    deps.print(usage);
    return 0;
  }
  if (asked === undefined) {
    deps.warn('users: this is not how it is used.\nSee: tokenrouter users --help\n');
    return 2;
  }
  const open = await deps.open();
  try {
    return await run(asked, open, deps);
  } finally {
    await open.close();
  }
}

type Asked = { verb: string; email: string | undefined; json: boolean; allowPassword: boolean };

const VERBS_ABOUT_ONE = ['reset-link', 'disable-two-factor', 'end-sessions'];

function readArguments(args: readonly string[]): Asked | 'help' | undefined {
  const boolean = { type: 'boolean' } as const;
  const options = { json: boolean, help: { ...boolean, short: 'h' }, 'allow-password': boolean } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [verb = '', email, ...rest] = positionals;
    if (values.help || verb === '') return 'help';
    const fits = VERBS_ABOUT_ONE.includes(verb)
      ? email !== undefined
      : verb === 'list' && email === undefined;
    if (!fits || rest.length > 0) return undefined;
    return { verb, email, json: values.json ?? false, allowPassword: values['allow-password'] ?? false };
  } catch {
    return undefined;
  }
}

async function run(asked: Asked, open: OpenCliUsers, deps: UsersCommandDeps): Promise<number> {
  const { accounts, tenants } = open.store;
  const { verb, email } = asked;
  if (email === undefined) return list(asked, open, deps);
  const found = await tenants.findUserByEmail({ email });
  const account = found && (await accounts.findAccount(found.id));
  if (account === undefined) {
    deps.warn(`Nobody has an account with the address ${shownText(email, 254)} here.\n`);
    return 1;
  }
  if (verb === 'reset-link') {
    if (!account.hasPassword && !asked.allowPassword) {
      deps.warn(
        `${account.email} has no password and signs in another way. --allow-password gives them one.\n`,
      );
      return 1;
    }
    const token = await open.openReset(account.id, deps.nowMs() + RESET_MS);
    deps.warn(`Whoever opens this link sets the password of ${account.email}, once, within 30 minutes:\n`);
    deps.print(`${resetLink(open.url, token)}\n`);
    return 0;
  }
  const had = verb === 'disable-two-factor' && (await accounts.disableTwoFactor(account.id));
  const ended = await accounts.deleteOtherSessions(account.id, { keptId: undefined });
  if (verb === 'disable-two-factor') {
    deps.warn(
      had
        ? `${account.email} signs in with the password alone now.\n`
        : `${account.email} had no second factor.\n`,
    );
  }
  deps.warn(`Ended ${ended} sessions of ${account.email}.\n`);
  return 0;
}

async function list({ json }: Asked, { store }: OpenCliUsers, deps: UsersCommandDeps): Promise<number> {
  const all = await store.accounts.listUsers({ nowMs: deps.nowMs() });
  if (json) {
    deps.print(`${JSON.stringify(all, null, 2)}\n`);
    return 0;
  }
  const rows = all.map((user) => [
    shownText(user.email, 60),
    shownText(user.name),
    [
      ...(user.hasPassword ? [user.hasTwoFactor ? 'password and code' : 'password'] : []),
      ...user.providers,
      ...(user.passkeys > 0 ? [`${user.passkeys} passkeys`] : []),
    ].join(', '),
    String(user.sessions),
    user.lastActiveAt?.toISOString() ?? 'never',
  ]);
  deps.print(writeTable(['EMAIL', 'NAME', 'WAYS IN', 'SESSIONS', 'LAST ACTIVE'], rows));
  return 0;
}
