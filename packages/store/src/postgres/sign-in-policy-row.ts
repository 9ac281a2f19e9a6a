import type { AccessPolicy } from './of-user-row.ts';

export type SignInDomain = { domain: string; provider: string; role: string };

/** Who gets into an organization, and how they have to sign in. */
export type StoredSignInPolicy = AccessPolicy & {
  domains: SignInDomain[];
  staleDays: number;
  staleReminders: boolean;
};

export type SignInPolicyRow = {
  required_provider: string | null;
  two_factor_required: boolean | null;
  stale_days: number | null;
  stale_reminders: boolean | null;
  domains: SignInDomain[] | null;
};

const STALE_DAYS = 90;

export function readSignInPolicy(row: SignInPolicyRow | undefined): StoredSignInPolicy {
  return {
    requiredProvider: row?.required_provider ?? undefined,
    twoFactorRequired: row?.two_factor_required ?? false,
    staleDays: row?.stale_days ?? STALE_DAYS,
    staleReminders: row?.stale_reminders ?? true,
    domains: row?.domains ?? [],
  };
}
