import type { RedactionCounts, RedactorOptions } from './redactor.ts';

/** Names for values: the same value has the same name, and each use of one is counted. */
export type Placeholders = { of(value: { type: string; value: string }): string; counts(): RedactionCounts };

export function openPlaceholders(pseudonym: RedactorOptions['pseudonym']): Placeholders {
  const names = new Map<string, Map<string, string>>();
  const counts = new Map<string, number>();
  return {
    of({ type, value }) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
      let known = names.get(type);
      if (known === undefined) {
        known = new Map();
        names.set(type, known);
      }
      const seen = known.get(value);
      if (seen !== undefined) return seen;
      const placeholder = `[${type}_${pseudonymOf(pseudonym, type, value) ?? known.size + 1}]`;
      known.set(value, placeholder);
      return placeholder;
    },
    counts: () => Object.fromEntries(counts),
  };
}

/** Only letters, digits and hyphens: what stands in a placeholder must not end it. */
function pseudonymOf(
  pseudonym: RedactorOptions['pseudonym'],
  type: string,
  value: string,
): string | undefined {
  const name = pseudonym?.(type, value)
    .replace(/[^A-Za-z0-9-]/g, '')
    .slice(0, 64);
  return name === '' ? undefined : name;
}
