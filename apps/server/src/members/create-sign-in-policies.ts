import type { SignInPolicy, SignInPolicyChange } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { LockedMembers, RelationalStore, StoredSignInPolicy } from '@app/store';
import { findNeed } from './find-need.ts';
import type { MemberActor } from './member-deps.ts';
import { isPublicMailDomain } from './public-mail-domains.ts';
import { readRole } from './refuse-above.ts';
import { findRole } from './show-member.ts';

export type SignInPolicyDeps = {
  members: Pick<RelationalStore['members'], 'alone' | 'findSignInPolicy'>;
  /** The ids in `sign_in.providers` of the configuration. */
  providers: readonly string[];
};

/** Whoever changes a policy, and how they came in. */
type PolicyActor = MemberActor & { method?: string | undefined; twoFactor?: boolean | undefined };

export type SignInPolicies = {
  get(organizationId: string): Promise<SignInPolicy>;
  change(organizationId: string, change: SignInPolicyChange, actor: PolicyActor): Promise<SignInPolicy>;
};

/** Who gets into an organization by themselves, and how its people have to sign in. */
export function createSignInPolicies({ members, providers }: SignInPolicyDeps): SignInPolicies {
  return {
    get: async (organizationId) => showPolicy(await members.findSignInPolicy(organizationId)),
    change: async (organizationId, change, actor) => {
      refuseUnknown(change, providers);
      refusePublic(change);
      return members.alone(organizationId, async (locked) => {
        const role = await readRole(locked, actor, { organizationId });
        const before = await locked.findSignInPolicy(organizationId);
        const after = applyTo(before, change);
        const isStricter =
          after.requiredProvider !== before.requiredProvider ||
          after.twoFactorRequired !== before.twoFactorRequired;
        if (isStricter && role !== 'owner') throw onlyOwners();
        if (isStricter && actor.kind !== 'operator') refuseLockOut(after, actor);
        await locked.upsertSignInPolicy(organizationId, after);
        if (change.domains !== undefined) await replaceDomains(locked, organizationId, change.domains);
        return showPolicy(await locked.findSignInPolicy(organizationId));
      });
    },
  };
}

function applyTo(
  before: StoredSignInPolicy,
  change: SignInPolicyChange,
): Omit<StoredSignInPolicy, 'domains'> {
  return {
    requiredProvider:
      change.required_provider === undefined
        ? before.requiredProvider
        : (change.required_provider ?? undefined),
    twoFactorRequired: change.two_factor_required ?? before.twoFactorRequired,
    staleDays: change.stale_days ?? before.staleDays,
    staleReminders: change.stale_reminders ?? before.staleReminders,
  };
}

type NewDomains = NonNullable<SignInPolicyChange['domains']>;

async function replaceDomains(
  locked: LockedMembers,
  organizationId: string,
  domains: NewDomains,
): Promise<void> {
  await locked.deleteSignInDomains(organizationId);
  for (const each of domains) {
    if (await locked.insertSignInDomain(organizationId, each)) continue;
    const message =
      `People of ${each.domain} who sign in with "${each.provider}" belong to an organization already. ` +
      'If that is not yours, ask the operator of this server.';
    throw new GatewayError('conflict', message, { param: 'domains', retryable: false });
  }
}

function refuseUnknown(
  { domains = [], required_provider: required }: SignInPolicyChange,
  known: readonly string[],
) {
  const asked = [
    ...(required == null ? [] : [{ provider: required, param: 'required_provider' }]),
    ...domains.map(({ provider }, at) => ({ provider, param: `domains.${at}.provider` })),
  ];
  const unknown = asked.find(({ provider }) => !known.includes(provider));
  if (unknown === undefined) return;
  const there = known.length === 0 ? 'it names none' : `it names ${known.map((id) => `"${id}"`).join(', ')}`;
  const message = `"${unknown.provider}" is not in \`sign_in.providers\` of the server's configuration: ${there}.`;
  throw new GatewayError('invalid_parameter', message, { param: unknown.param, retryable: false });
}

function refusePublic({ domains = [] }: SignInPolicyChange): void {
  const at = domains.findIndex(({ domain }) => isPublicMailDomain(domain));
  if (at === -1) return;
  const message = `Anybody can get an address of ${domains[at]?.domain}, so it cannot let people in. Invite them instead.`;
  throw new GatewayError('invalid_parameter', message, { param: `domains.${at}.domain`, retryable: false });
}

/** Whoever demands something of everybody shows that it can be met, and is not the first to be kept out. */
function refuseLockOut(after: Omit<StoredSignInPolicy, 'domains'>, actor: PolicyActor): void {
  const need = findNeed(after, { method: actor.method, twoFactor: actor.twoFactor ?? false });
  if (need === undefined) return;
  const message =
    need.kind === 'provider'
      ? `You would lock yourself out: sign in with "${need.provider}" first, and demand it then.`
      : 'You would lock yourself out: set up a second factor for your own account first.';
  throw new GatewayError('conflict', message, { retryable: false });
}

function onlyOwners(): GatewayError {
  const message = 'Only an owner says how everybody has to sign in, because it can keep owners out.';
  return new GatewayError('insufficient_permissions', message, { retryable: false });
}

function showPolicy(policy: StoredSignInPolicy): SignInPolicy {
  return {
    domains: policy.domains.map(({ domain, provider, role }) => ({
      domain,
      provider,
      role: findRole(role) ?? 'member',
    })),
    required_provider: policy.requiredProvider ?? null,
    two_factor_required: policy.twoFactorRequired,
    stale_days: policy.staleDays,
    stale_reminders: policy.staleReminders,
  };
}
