import type { AccessPolicy } from '@app/store';
import type { SessionUser } from '../identity/create-find-session.ts';

/** What a session lacks for an organization to be open to it. */
export type Need = { kind: 'provider'; provider: string } | { kind: 'two_factor'; provider: null };

/**
 * What is missing; undefined when the organization is open. `twoFactor` is whether this session came with a second factor,
 * be it asked for here or by a provider that asks everybody for two. A passkey is two by itself.
 */
export function findNeed(
  { requiredProvider, twoFactorRequired }: AccessPolicy,
  { method, twoFactor }: Pick<SessionUser, 'method' | 'twoFactor'>,
): Need | undefined {
  if (requiredProvider !== undefined && method !== requiredProvider) {
    return { kind: 'provider', provider: requiredProvider };
  }
  if (twoFactorRequired && !twoFactor && method !== 'passkey') return { kind: 'two_factor', provider: null };
  return undefined;
}

/** The same as a sentence for whoever is kept out. */
export function sayNeed(need: Need): string {
  return need.kind === 'provider'
    ? `This organization lets people in who signed in with "${need.provider}". Sign in with it.`
    : 'This organization demands a second factor. Set one up for your account, and sign in with it.';
}
