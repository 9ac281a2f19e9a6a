import type { Target, TargetKey } from '../ports.ts';
import { isAboutKey } from './create-key-pool.ts';

/** The targets of one call, one after the other, each with the key whose turn it is. */
export type TargetQueue = {
  /** The next one to try; undefined when none is left. */
  next(): Target | undefined;
  /** Whether `next` would find one. */
  hasNext(): boolean;
  /** One that failed before bytes left is tried after all: `onFailed` is about it then, and what comes next stays so. */
  again(target: Target): void;
  /** What was given last failed. That a key was refused is no reason to leave a provider that has another one. */
  onFailed(status: number | undefined, retryAfterS: number | undefined): void;
};

/** Of one provider this many keys are tried for one call, so that a provider which refuses them all is left soon. */
const KEYS_TRIED_MAX = 3;

/** What a target was found to be tried with. */
type Found = { target: Target; key: TargetKey | undefined };

/**
 * Targets without keys are given as they are. Those whose keys all rest come last, and only when nothing else was there
 * to try: a call that may fail is better than one that does.
 */
export function openTargetQueue(targets: readonly Target[]): TargetQueue {
  let at = 0;
  let tried: string[] = [];
  let isAnyTried = false;
  let isAgain = false;
  let last: Found | undefined;
  let peeked: Found | undefined;
  const keyed: Found[] = [];

  const search = (): Found | undefined => {
    for (; at < targets.length; at += 1, tried = []) {
      const target = targets[at];
      const found = target === undefined ? undefined : find(target, tried, false);
      if (found !== undefined) return found;
    }
    return isAnyTried ? undefined : firstOf(targets, (target) => find(target, [], true));
  };
  return {
    next() {
      const found = peeked ?? search();
      peeked = undefined;
      last = found;
      isAgain = false;
      if (found === undefined) return undefined;
      isAnyTried = true;
      if (found.key === undefined) at += 1;
      else {
        tried.push(found.key.id);
        keyed.push(found);
      }
      return found.target;
    },
    again(target) {
      last = keyed.find((found) => found.target === target);
      isAgain = true;
    },
    hasNext() {
      peeked ??= search();
      return peeked !== undefined;
    },
    onFailed(status, retryAfterS) {
      if (last?.key === undefined) return;
      const isKeys = status !== undefined && isAboutKey(status);
      if (isKeys) last.key.onRefused({ status, retryAfterS });
      if (isAgain || (isKeys && tried.length < KEYS_TRIED_MAX)) return;
      at += 1;
      tried = [];
    },
  };
}

function find(target: Target, tried: readonly string[], evenCooling: boolean): Found | undefined {
  const { keys, ...rest } = target;
  if (keys === undefined || target.credential !== undefined) return { target, key: undefined };
  const key = keys.pick(tried, evenCooling);
  const provider = key?.applyTo(target.provider);
  if (key === undefined || provider === undefined) return undefined;
  return { target: { ...rest, provider, credential: key.id }, key };
}

function firstOf<Item, Result>(
  items: readonly Item[],
  find: (item: Item) => Result | undefined,
): Result | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The target with the key that is always the same: for what a provider keeps in the account of its key. */
export function withFirstKey(target: Target): Target | undefined {
  const { keys, ...rest } = target;
  if (keys === undefined || target.credential !== undefined) return target;
  const key = keys.first();
  const provider = key?.applyTo(target.provider);
  return key === undefined || provider === undefined ? undefined : { ...rest, provider, credential: key.id };
}
