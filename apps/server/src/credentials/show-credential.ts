import type { ProviderCredential } from '@app/contract';
import type { KeyHealth } from '@app/gateway';
import type { StoredCredential } from '@app/store';
import type { UsableCredential } from './open-credential.ts';

/** What is known of a key beside its row. */
export type CredentialState = {
  usable: UsableCredential;
  /** Absent where no calls are made: in a command. */
  health?: Readonly<KeyHealth> | undefined;
};

/** A key as it is listed: all but its secret. */
export function showCredential(
  stored: StoredCredential,
  state: CredentialState,
  nowMs: number,
): ProviderCredential {
  return {
    id: stored.id,
    provider: stored.providerId,
    origins: [...stored.origins],
    name: stored.name,
    project_id: stored.projectId ?? null,
    source: stored.reference === undefined ? 'stored' : 'reference',
    reference: stored.reference ?? null,
    last_four: stored.lastFour ?? null,
    weight: stored.weight,
    enabled: stored.isEnabled,
    ...showState(stored.isEnabled, state, nowMs),
    created_at: timeOf(stored.createdAtMs),
    created_by: stored.createdBy ?? null,
    rotated_at: stored.rotatedAtMs === undefined ? null : timeOf(stored.rotatedAtMs),
  };
}

type ShownState = Pick<ProviderCredential, 'status' | 'cooling_until' | 'last_error'>;

/** Whether a key is used now, and if not, why. */
export function showState(isEnabled: boolean, state: CredentialState, nowMs: number): ShownState {
  const { usable, health } = state;
  if (!usable.ok) {
    return { status: isEnabled ? 'unresolved' : 'disabled', cooling_until: null, last_error: usable.problem };
  }
  const refused = health?.refusedWith === undefined ? null : refusedSentence(health.refusedWith);
  const last_error = refused ?? usable.warning ?? null;
  if (!isEnabled) return { status: 'disabled', cooling_until: null, last_error };
  if (health === undefined || health.coolingUntilMs <= nowMs) {
    return { status: 'ready', cooling_until: null, last_error };
  }
  return { status: 'cooling', cooling_until: timeOf(health.coolingUntilMs), last_error };
}

function refusedSentence(status: number): string {
  if (status === 429) return 'The provider limited this key (429).';
  if (status === 402) return 'The provider said that the account of this key is empty (402).';
  return `The provider refused this key (${status}).`;
}

function timeOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
