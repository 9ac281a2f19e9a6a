import type { AppliedLimit, LimitFacts, LimitStore } from '../limits/limit.ts';
import type { Principal, Snapshot } from '../ports.ts';

/** What limits are counted with. */
export type LimitDeps = {
  snapshot: Pick<Snapshot, 'findLimits'>;
  limitStore: LimitStore;
};

/** Whose call it is, as far as limits ask. */
export type Counting = { principal: Principal; facts: LimitFacts };

/** The facts of a call. Its tags are the key's and its own. */
export function factsOf(
  principal: Principal,
  { userId, tags }: { userId?: string | undefined; tags?: readonly string[] | undefined },
): LimitFacts {
  return { userId, tags: tagsOf(principal, tags) };
}

/** Each tag once. */
export function tagsOf({ tags: own = NONE }: Principal, more: readonly string[] = NONE): readonly string[] {
  if (more.length === 0) return own;
  return own.length === 0 ? more : [...new Set([...own, ...more])];
}

const NONE: readonly string[] = [];

/** Every limit that counts this call. What a test key does costs nothing, so no limit on money counts it. */
export function findLimits({ snapshot }: LimitDeps, { principal, facts }: Counting): readonly AppliedLimit[] {
  const found = snapshot.findLimits?.(principal, facts) ?? NO_LIMITS;
  if (principal.mode === 'live' || found.length === 0) return found;
  return found.filter(({ limit }) => limit.measure !== 'cost');
}

const NO_LIMITS: readonly AppliedLimit[] = [];
