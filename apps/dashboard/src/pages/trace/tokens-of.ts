import type { Span } from '@app/contract';

/** All tokens that went into a call, and all that came out of it. */
export function tokensOf({ usage }: Pick<Span, 'usage'>): { input: number; output: number } {
  const counts = Object.entries(usage);
  const sum = (side: string) =>
    counts.reduce((total, [name, count]) => total + (name.startsWith(side) ? (count ?? 0) : 0), 0);
  return { input: sum('input'), output: sum('output') };
}
