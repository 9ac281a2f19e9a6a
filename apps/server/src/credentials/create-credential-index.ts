import {
  type Clock,
  createKeyPool,
  createKeyTier,
  createPooledKey,
  type KeyHealth,
  type KeyTier,
  type PooledKey,
  type TargetKeys,
  type Tenant,
} from '@app/gateway';
import type { CredentialChange, StoredCredential } from '@app/store';
import { createApplyKey } from './create-apply-key.ts';
import { type OpenCredentialDeps, openCredential } from './open-credential.ts';

export type CredentialIndexDeps = OpenCredentialDeps & { clock: Pick<Clock, 'nowMs'> };

/** Providers' keys in memory, opened. Looking something up opens nothing and waits for nothing. */
export type CredentialIndex = {
  /** The keys that a tenant has of its own for a provider; undefined where it has none that is enabled. */
  findKeys(tenant: Tenant, providerId: string): TargetKeys | undefined;
  /** The providers for which a tenant has a key of its own. */
  providersOf(tenant: Tenant): readonly string[];
  /** How the provider took a key lately. */
  findHealth(id: string): Readonly<KeyHealth> | undefined;
  /** Puts a key in, changes it, or takes it out when it was deleted. */
  apply(change: CredentialChange): void;
  size(): number;
};

type Entry = { stored: StoredCredential; key: PooledKey };
type Organization = {
  entries: Map<string, Entry>;
  /** By project and provider; made when they are asked for, and anew after every change. */
  pools: Map<string, TargetKeys | undefined>;
  providers: Map<string, readonly string[]>;
  tiers: Map<string, KeyTier>;
};

const NONE: readonly string[] = [];

/** A project's own keys come before those that its organization's projects share. */
export function createCredentialIndex(deps: CredentialIndexDeps): CredentialIndex {
  const organizations = new Map<string, Organization>();
  const byId = new Map<string, Entry>();

  const tierOf = (organization: Organization, projectId: string | undefined, providerId: string) => {
    const name = nameOf(projectId, providerId);
    const found = organization.tiers.get(name);
    if (found !== undefined) return found;
    const keys = [...organization.entries.values()]
      .filter(({ stored }) => isEnabledFor(stored, projectId) && stored.providerId === providerId)
      .sort(byAge)
      .map(({ key }) => key);
    const tier = createKeyTier(keys);
    organization.tiers.set(name, tier);
    return tier;
  };
  const makePool = (organization: Organization, projectId: string, providerId: string) => {
    const tiers = [projectId, undefined]
      .map((owner) => tierOf(organization, owner, providerId))
      .filter(({ keys }) => keys.length > 0);
    return tiers.length === 0 ? undefined : createKeyPool(tiers, deps.clock);
  };

  return {
    findKeys({ organizationId, projectId }, providerId) {
      const organization = organizations.get(organizationId);
      if (organization === undefined) return undefined;
      const name = nameOf(projectId, providerId);
      if (!organization.pools.has(name)) {
        organization.pools.set(name, makePool(organization, projectId, providerId));
      }
      return organization.pools.get(name);
    },
    providersOf({ organizationId, projectId }) {
      const organization = organizations.get(organizationId);
      if (organization === undefined) return NONE;
      const found = organization.providers.get(projectId) ?? listProviders(organization, projectId);
      organization.providers.set(projectId, found);
      return found;
    },
    findHealth: (id) => byId.get(id)?.key.health,
    apply(change) {
      const { organizationId, id } = change;
      const organization = organizations.get(organizationId) ?? newOrganization();
      if (change.isDeleted) {
        organization.entries.delete(id);
        byId.delete(id);
      } else {
        const entry = entryOf(change, byId.get(id), deps);
        organization.entries.set(id, entry);
        byId.set(id, entry);
      }
      for (const made of [organization.pools, organization.providers, organization.tiers]) made.clear();
      if (organization.entries.size > 0) organizations.set(organizationId, organization);
      else organizations.delete(organizationId);
    },
    size: () => byId.size,
  };
}

/** What was learned of a key is forgotten with the secret that it was learned of. */
function entryOf(stored: StoredCredential, before: Entry | undefined, deps: CredentialIndexDeps): Entry {
  const isSame =
    before !== undefined && before.stored.rotatedAtMs === stored.rotatedAtMs && before.stored.isEnabled;
  const usable = openCredential(stored, deps);
  const secret = () => {
    const now = usable();
    return now.ok ? now.secret : undefined;
  };
  const key = createPooledKey(
    {
      id: stored.id,
      weight: stored.weight,
      isUsable: () => secret() !== undefined,
      applyTo: createApplyKey(stored.origins, secret),
    },
    deps.clock,
    isSame ? before.key.health : undefined,
  );
  return { stored, key };
}

function isEnabledFor({ isEnabled, projectId }: StoredCredential, owner: string | undefined): boolean {
  return isEnabled && projectId === owner;
}

function listProviders({ entries }: Organization, projectId: string): readonly string[] {
  const own = [...entries.values()].filter(
    ({ stored }) => isEnabledFor(stored, projectId) || isEnabledFor(stored, undefined),
  );
  return [...new Set(own.sort(byAge).map(({ stored }) => stored.providerId))];
}

/** The oldest first, so that what is kept in the account of the first key stays within reach when others come. */
function byAge(one: Entry, other: Entry): number {
  return one.stored.createdAtMs - other.stored.createdAtMs || (one.stored.id < other.stored.id ? -1 : 1);
}

function nameOf(projectId: string | undefined, providerId: string): string {
  return `${projectId ?? ''} ${providerId}`;
}

function newOrganization(): Organization {
  return { entries: new Map(), pools: new Map(), providers: new Map(), tiers: new Map() };
}
