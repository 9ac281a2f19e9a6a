import type { RelationalStore } from '@app/store';
import type { Audit } from '../audit/audit.ts';
import type { MayJoin, Newcomer } from '../identity/may-join.ts';
import { domainOf, normalizeEmail } from './email-address.ts';
import { joinOrganization } from './join-organization.ts';

export type MayJoinDeps = {
  members: Pick<
    RelationalStore['members'],
    'alone' | 'findDomainRule' | 'findMember' | 'findSignInPolicy' | 'listOpenInvitationsOfEmail'
  >;
  audit: Pick<Audit, 'record'>;
  nowMs: () => number;
};

export type Joins = {
  /** Whether somebody without an account may have one, because they are invited or their domain lets them in. */
  mayJoin: MayJoin;
  /** Lets somebody with an account, who came by a provider, into the organization of their domain. */
  welcome(person: Newcomer & { userId: string }): Promise<void>;
};

/**
 * Who joins by coming from a provider. All of it hangs on the provider's word for the address: an address that nobody
 * vouches for belongs to nobody.
 */
export function createMayJoin(deps: MayJoinDeps): Joins {
  return {
    mayJoin: async (newcomer) => {
      const vouched = readVouched(newcomer);
      if (vouched === undefined) return { ok: false, message: notVouched };
      const entries = await listEntries(deps, vouched);
      if (entries.length === 0) return { ok: false, message: notInvited };
      return {
        ok: true,
        onCreated: async (userId) => {
          for (const entry of entries) await enter(deps, entry, { ...vouched, userId });
        },
      };
    },
    welcome: async ({ userId, ...newcomer }) => {
      const vouched = readVouched(newcomer);
      if (vouched === undefined) return;
      const [rule] = await listDomainEntries(deps, vouched);
      if (rule === undefined) return;
      // Whoever is a member already keeps the role that somebody gave them.
      const member = await deps.members.findMember(rule.organizationId, { userId });
      if (member?.role === undefined) await enter(deps, rule, { ...vouched, userId });
    },
  };
}

const notVouched =
  'Your provider does not vouch for your e-mail address. Verify it there, or ask for an invitation.';
const notInvited = 'There is no account for this address. Ask for an invitation.';

type Vouched = { email: string; provider: string };
type Entry = {
  organizationId: string;
  role: string | undefined;
  projects: readonly { projectId: string; role: string }[];
  /** Undefined where a rule about a domain lets in. */
  invitationId: string | undefined;
};

function readVouched({ email, emailVerified, provider }: Newcomer): Vouched | undefined {
  const normal = normalizeEmail(email);
  return normal === undefined || !emailVerified ? undefined : { email: normal, provider };
}

async function listEntries(deps: MayJoinDeps, person: Vouched): Promise<Entry[]> {
  const { email } = person;
  const invited = await deps.members.listOpenInvitationsOfEmail({ email, nowMs: deps.nowMs() });
  const entries: Entry[] = invited.map(({ id, ...invitation }) => ({ ...invitation, invitationId: id }));
  const ruled = await listDomainEntries(deps, person);
  const isOpen = await Promise.all(entries.map((entry) => isOpenTo(deps, entry, person)));
  return [...entries.filter((_, at) => isOpen[at]), ...ruled];
}

async function listDomainEntries(deps: MayJoinDeps, person: Vouched): Promise<Entry[]> {
  const rule = await deps.members.findDomainRule({ ...person, domain: domainOf(person.email) });
  if (rule === undefined) return [];
  const entry: Entry = { ...rule, projects: [], invitationId: undefined };
  return (await isOpenTo(deps, entry, person)) ? [entry] : [];
}

/** Where another provider is demanded, this one would make an account that opens nothing. */
async function isOpenTo(
  { members }: MayJoinDeps,
  { organizationId }: Entry,
  { provider }: Vouched,
): Promise<boolean> {
  const { requiredProvider } = await members.findSignInPolicy(organizationId);
  return requiredProvider === undefined || requiredProvider === provider;
}

async function enter(
  { members, audit, nowMs }: MayJoinDeps,
  { organizationId, role, projects, invitationId }: Entry,
  { userId, email, provider }: Vouched & { userId: string },
): Promise<void> {
  const joined = await members.alone(organizationId, async (locked) => {
    if (invitationId !== undefined) {
      // Taken back since it was found.
      const claim = { id: invitationId, userId, nowMs: nowMs() };
      if (!(await locked.claimInvitation(organizationId, claim))) return false;
    }
    await joinOrganization(locked, organizationId, { userId, email, role, projects, nowMs: nowMs() });
    return true;
  });
  if (!joined) return;
  await audit.record({
    organizationId,
    action: invitationId === undefined ? 'member.add' : 'invitation.accept',
    actor: { kind: 'person', id: userId, label: email },
    target: { kind: 'member', id: userId, name: email },
    after: {
      user_id: userId,
      email,
      role: role ?? null,
      projects,
      by: invitationId ?? `domain, ${provider}`,
    },
  });
}
