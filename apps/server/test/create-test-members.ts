import type { RelationalStore } from '@app/store';
import type { Accounts } from '../src/identity/create-accounts.ts';
import type { IdSource } from '../src/ids.ts';
import type { Mail } from '../src/mail/mailer.ts';
import { type MemberManagement, openMembers } from '../src/start/open-members.ts';
import { silentLog } from './open-test-store.ts';

export type TestMembersOptions = {
  /** What came by e-mail is put here; undefined where no server is configured. */
  mails?: Mail[] | undefined;
  providers?: readonly string[] | undefined;
};

export type TestMembersDeps = {
  store: Pick<RelationalStore, 'members' | 'tenants'>;
  accounts: Pick<Accounts, 'createNew'>;
  ids: IdSource;
  url: string;
};

/** Members, invitations and sign-in policies as the server wires them, with an outbox in place of a mail server. */
export function createTestMembers(
  deps: TestMembersDeps,
  { mails, providers = ['okta', 'google'] }: TestMembersOptions = {},
): MemberManagement {
  return openMembers({
    ...deps,
    log: silentLog,
    mailer: {
      isConfigured: mails !== undefined,
      send: async (mail) => void mails?.push(mail),
      close: () => undefined,
    },
    settings: { password: true, providers: providers.map((id) => ({ id })) },
  });
}
