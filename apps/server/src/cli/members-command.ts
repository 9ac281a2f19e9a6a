import type { Member, NewInvitation, Role } from '@app/contract';
import { GatewayError } from '@app/protocol';
import { type Organization, StoreError } from '@app/store';
import { membersHelp } from './members-help.ts';
import { type MembersRequest, readMembersOptions } from './members-options.ts';
import {
  getOrganization,
  type MembersCommandDeps,
  type OpenCliMembers,
  withCliMembers,
} from './with-cli-members.ts';
import { shownText, writeTable } from './write-table.ts';

/** Runs `members ...`. Resolves to the exit status: 0 done, 1 failed, 2 used wrongly. */
export async function runMembersCommand(args: readonly string[], deps: MembersCommandDeps): Promise<number> {
  const request = readMembersOptions(args);
  if (request.do === 'help') {
    deps.print(membersHelp);
    return 0;
  }
  if (request.do === 'refuse') {
    deps.warn(`${request.problem}\nSee: tokenrouter members --help\n`);
    return 2;
  }
  return withCliMembers(deps, async (open) => {
    const organization = await getOrganization(open.store, request.organization);
    await refuseUnstarted(open.store);
    await run(request, { ...open, ...deps, organization });
  });
}

type Place = Omit<OpenCliMembers, 'close'> &
  Pick<MembersCommandDeps, 'print' | 'warn'> & { organization: Organization };
type Person = { userId: string; email: string };

const operator = { kind: 'operator' } as const;

async function run(request: Exclude<MembersRequest, { do: 'help' | 'refuse' }>, place: Place): Promise<void> {
  switch (request.do) {
    case 'list': {
      const all = await listAll(place.management, place.organization.id);
      return place.print(request.json ? `${JSON.stringify(all, null, 2)}\n` : writeMembers(all));
    }
    case 'invite':
      return invite(request.invitation, place);
    case 'change':
      return changeRole(await getPerson(request.email, place), request.role, place);
    case 'remove': {
      const person = await getPerson(request.email, place);
      return request.isAccount ? removeAccount(person, place) : removeFrom(person, place);
    }
  }
}

async function invite(invitation: NewInvitation, place: Place): Promise<void> {
  const { management, organization, print, warn } = place;
  const { link, mailed } = await management.invitations.create(organization, invitation, operator);
  warn(
    `Invited ${invitation.email} for 7 days${mailed ? ', and sent it by e-mail' : '. Hand this link over'}:\n`,
  );
  print(`${link}\n`);
}

async function changeRole({ userId, email }: Person, role: Role, place: Place): Promise<void> {
  const { store, management, organization, warn } = place;
  const { id, slug } = organization;
  const found = await store.members.findMember(id, { userId });
  if (found === undefined) await management.members.add(id, { userId, email, role });
  else await management.members.change(id, { userId, role }, operator);
  warn(`${email} is ${role} of ${slug}.\n`);
}

async function removeFrom({ userId, email }: Person, place: Place): Promise<void> {
  const { management, organization, warn } = place;
  const { keys } = await management.members.remove(organization.id, userId, operator);
  warn(`${email} is no longer a member of ${organization.slug}.\n`);
  for (const { id, name } of keys)
    warn(`They made the key ${id} "${shownText(name)}", which goes on working.\n`);
}

/** Everywhere, and the account with it. Where they are the only owner nothing at all is removed. */
async function removeAccount(person: Person, place: Place): Promise<void> {
  const { store, warn } = place;
  const { userId, email } = person;
  const all = await store.tenants.listOrganizationsOfUser(userId);
  for (const { id, slug, role } of all) {
    if (role !== 'owner') continue;
    const { otherOwners } = await store.members.alone(id, (locked) => locked.countMembers(id, { userId }));
    if (otherOwners > 0) continue;
    const message = `${email} is the only owner of ${slug}: make somebody else an owner first.`;
    throw new GatewayError('conflict', message, { retryable: false });
  }
  for (const organization of all) await removeFrom(person, { ...place, organization });
  if (await store.members.deleteAccount(userId)) return warn(`The account of ${email} is deleted.\n`);
  const message = `${email} was let in somewhere meanwhile, so the account stays. Try again.`;
  throw new GatewayError('conflict', message, { retryable: true });
}

/** The table of accounts is made when people can sign in for the first time. */
async function refuseUnstarted({ tenants }: OpenCliMembers['store']): Promise<void> {
  await tenants.countUsers().catch((error: unknown) => {
    if (error instanceof StoreError) throw error;
    const message =
      'Nobody can sign in yet, because no server has run here: start it, and make the first owner by its link.';
    throw new GatewayError('conflict', message, { retryable: false, cause: error });
  });
}

async function getPerson(email: string, { store }: Place): Promise<Person> {
  const found = await store.tenants.findUserByEmail({ email });
  if (found !== undefined) return { userId: found.id, email };
  const message = `Nobody has an account with the address ${email} here. "members invite" makes a link for them.`;
  throw new GatewayError('not_found', message, { retryable: false });
}

async function listAll({ members }: Place['management'], organizationId: string): Promise<Member[]> {
  const all: Member[] = [];
  let cursor: string | undefined;
  do {
    const page = await members.list(organizationId, { cursor });
    all.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

function writeMembers(all: readonly Member[]): string {
  const rows = all.map((member) => [
    shownText(member.email, 80),
    shownText(member.name),
    member.role ?? member.projects.map(({ name, role }) => `${role} of ${shownText(name)}`).join(', '),
    member.last_active_at?.slice(0, 10) ?? 'never',
    member.is_stale ? 'stale' : '',
  ]);
  return writeTable(['EMAIL', 'NAME', 'ROLE', 'LAST ACTIVE', ''], rows);
}
