import type { Target } from '../ports.ts';

/** The targets of `names` in their order, each target once, at most `max`. A name that nobody serves is passed over. */
export function preferred(
  names: Iterable<string>,
  findTargets: (model: string) => readonly Target[],
  max: number,
): Target[] {
  const chosen: Target[] = [];
  for (const name of names) {
    for (const target of findTargets(name)) {
      if (chosen.length === max) return chosen;
      if (!chosen.some((other) => isSame(other, target))) chosen.push(target);
    }
  }
  return chosen;
}

function isSame(one: Target, other: Target): boolean {
  return one.model === other.model && one.provider.id === other.provider.id;
}
