import { GatewayError } from '@app/protocol';
import type { Organization, RelationalStore } from '@app/store';
import type { MemberManagement } from '../start/open-members.ts';

export type OpenCliMembers = {
  store: Pick<RelationalStore, 'members' | 'tenants'>;
  management: Pick<MemberManagement, 'members' | 'invitations' | 'signInPolicies'>;
  close(): Promise<void>;
};

export type MembersCommandDeps = {
  /** Opens what the command works on. Not called when the options cannot be understood. */
  open(): Promise<OpenCliMembers>;
  /** Standard output: what a script reads. */
  print(text: string): void;
  /** Standard error: what a person reads. */
  warn(text: string): void;
};

/** Opens, works and closes. Resolves to the exit status: 0 done, 1 failed, 2 used wrongly. */
export async function withCliMembers(
  deps: MembersCommandDeps,
  work: (open: OpenCliMembers) => Promise<void>,
): Promise<number> {
  const open = await deps.open();
  try {
    await work(open);
    return 0;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    deps.warn(`${error.message}\n`);
    return error.status === 400 ? 2 : 1;
  } finally {
    await open.close();
  }
}

/** The organization of this slug or id; throws the sentence that says how to find it. */
export async function getOrganization(store: OpenCliMembers['store'], name: string): Promise<Organization> {
  const found = await store.tenants.findOrganization({ name });
  if (found !== undefined) return found;
  const message = `There is no organization "${name}"; "tokenrouter orgs list" shows those there are.`;
  throw new GatewayError('not_found', message, { retryable: false });
}
