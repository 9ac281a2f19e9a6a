import type { CheckName } from './check-names.ts';
import type { Facts } from './facts.ts';
import type { Area, Severity } from './finding.ts';

/** What a check has to say: how bad it is, what it is, what to do. */
export type Found = { severity: Severity; what: string; remedy: string };

export type Check = {
  name: CheckName;
  area: Area;
  /** What is so where it finds nothing. */
  title: string;
  why: string;
  /** Facts without which it cannot be said; where one is absent, the check is left out. */
  needs?: readonly OptionalFact[];
  run(facts: Facts): Found[];
};

type OptionalFact = {
  [Name in keyof Facts]-?: undefined extends Facts[Name] ? Name : never;
}[keyof Facts];

export function found(severity: Severity, what: string, remedy: string): Found {
  return { severity, what, remedy };
}

/** That severity in production; elsewhere a warning at most. */
export function inProduction({ config }: Facts, severity: Severity): Severity {
  return config.mode === 'production' || severity === 'notice' ? severity : 'warning';
}

/** What matters in production alone. */
export function onlyInProduction(facts: Facts, list: () => Found[]): Found[] {
  return facts.config.mode === 'production' ? list() : [];
}

const TOLD_MAX = 5;

/** A finding for each of a few, and one for all the others together. */
export function eachOf<T>(
  list: readonly T[],
  tell: (one: T) => Found,
  others: (count: number) => string,
): Found[] {
  const told = list.slice(0, TOLD_MAX).map(tell);
  const [first] = told;
  const rest = list.length - told.length;
  return first === undefined || rest <= 0 ? told : [...told, { ...first, what: others(rest) }];
}
