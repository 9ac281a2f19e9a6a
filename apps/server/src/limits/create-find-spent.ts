import type { FindSpent } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import type { OpenUsage } from './open-usage.ts';

/**
 * What counts had durably, with all that this server settled before it was asked. Rejects when PostgreSQL does not
 * answer: a total that misses something would let it be spent again.
 */
export function createFindSpent(
  usage: Pick<OpenUsage, 'flush'>,
  findLimitUsage: RelationalStore['limitUsage']['findLimitUsage'],
): FindSpent {
  return async (counts) => {
    if (!(await usage.flush())) throw new Error('PostgreSQL does not take what was used of limits.');
    const found = new Map<string, number>();
    for (const { used, ...count } of await findLimitUsage(counts)) found.set(nameOf(count), used);
    return counts.map((count) => found.get(nameOf(count)) ?? 0);
  };
}

type Name = Parameters<FindSpent>[0][number];

const nameOf = ({ limitId, subject, periodStartMs }: Name): string =>
  `${limitId}\n${periodStartMs}\n${subject}`;
