import type { Clock, KeyRefusal, TargetKey, TargetKeys } from '../ports.ts';

/** A provider's key as a pool is made of it. */
export type PoolKey = {
  id: string;
  /** Its share of the calls, beside those of its tier. 0: in reserve, for when no other of the tier is left. */
  weight: number;
  /** Whether there is a secret, and its provider is where it was. */
  isUsable(): boolean;
  applyTo: TargetKey['applyTo'];
};

/** What is known of a key in this process. */
export type KeyHealth = {
  /** Epoch milliseconds until which the provider's refusal is remembered; 0 when there is none. */
  coolingUntilMs: number;
  /** The status of that refusal. */
  refusedWith: number | undefined;
};

/** A key in its pools: it may be in several, and what one learns of it all know. */
export type PooledKey = TargetKey & PoolKey & { health: KeyHealth };

/** A wrong or forbidden key, or an empty account, is seldom mended within minutes. */
const REFUSED_MS = 300_000;
/** How long a key rests that is limited, where its provider does not say. */
const LIMITED_MS = 30_000;
const LIMITED_MS_MAX = 3_600_000;

/** A key that remembers how its provider took it. */
export function createPooledKey(
  key: PoolKey,
  clock: Pick<Clock, 'nowMs'>,
  health: KeyHealth = { coolingUntilMs: 0, refusedWith: undefined },
): PooledKey {
  return {
    ...key,
    health,
    onRefused: (refusal) => {
      const restMs = restMsOf(refusal);
      if (restMs === undefined) return;
      health.coolingUntilMs = Math.max(health.coolingUntilMs, clock.nowMs() + restMs);
      health.refusedWith = refusal.status;
    },
  };
}

/** Whether a refusal of this status is about the key: with another key the same call may succeed. */
export function isAboutKey(status: number): boolean {
  return status === 401 || status === 402 || status === 403 || status === 429;
}

function restMsOf({ status, retryAfterS }: KeyRefusal): number | undefined {
  if (!isAboutKey(status)) return undefined;
  if (status !== 429) return REFUSED_MS;
  return retryAfterS === undefined ? LIMITED_MS : Math.min(retryAfterS * 1_000, LIMITED_MS_MAX);
}

/**
 * Keys in tiers: those of a later tier are taken when none of an earlier one is left. Within a tier each key gets its
 * weight's share of the calls, spread evenly (the smooth weighted round robin of nginx). Takes no memory per call.
 */
export function createKeyPool(tiers: readonly KeyTier[], clock: Pick<Clock, 'nowMs'>): TargetKeys {
  return {
    pick(tried, evenCooling) {
      const nowMs = clock.nowMs();
      for (const tier of tiers) {
        const found = tier.pick(
          (key) => key.health.coolingUntilMs <= nowMs && key.isUsable() && !tried.includes(key.id),
        );
        if (found !== undefined) return found;
      }
      return evenCooling ? soonest(tiers, tried) : undefined;
    },
    first: () => firstUsable(tiers),
  };
}

/** The keys of one owner. `keys` begins with the one that is first for everything that is kept at the provider. */
export type KeyTier = {
  keys: readonly PooledKey[];
  pick(isReady: (key: PooledKey) => boolean): PooledKey | undefined;
};

/** A tier may be in several pools: its turns go on from one to the next. */
export function createKeyTier(keys: readonly PooledKey[]): KeyTier {
  const turns = keys.map(() => 0);
  return {
    keys,
    pick(isReady) {
      let best: number | undefined;
      let reserve: PooledKey | undefined;
      let total = 0;
      for (const [at, key] of keys.entries()) {
        if (!isReady(key)) continue;
        if (key.weight <= 0) {
          reserve ??= key;
          continue;
        }
        total += key.weight;
        const turn = (turns[at] ?? 0) + key.weight;
        turns[at] = turn;
        if (best === undefined || turn > (turns[best] ?? 0)) best = at;
      }
      if (best === undefined) return reserve;
      turns[best] = (turns[best] ?? 0) - total;
      return keys[best];
    },
  };
}

/** The key that rests the shortest: better than no answer, when there is nobody else. */
function soonest(tiers: readonly KeyTier[], tried: readonly string[]): PooledKey | undefined {
  let found: PooledKey | undefined;
  for (const { keys } of tiers) {
    for (const key of keys) {
      if (tried.includes(key.id) || !key.isUsable()) continue;
      if (found === undefined || key.health.coolingUntilMs < found.health.coolingUntilMs) found = key;
    }
  }
  return found;
}

function firstUsable(tiers: readonly KeyTier[]): PooledKey | undefined {
  for (const { keys } of tiers) {
    const found = keys.find((key) => key.isUsable());
    if (found !== undefined) return found;
  }
  return undefined;
}
