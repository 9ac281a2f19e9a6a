import type { Limit } from '@app/contract';
import { type StoredLimit, writeMoney } from '@app/store';
import type { Standing } from './read-standings.ts';

/** A limit as the API shows it, with its fullest counts. */
export function writeLimit(limit: StoredLimit, standings: readonly Standing[]): Limit {
  return {
    id: limit.id,
    project_id: limit.projectId ?? null,
    name: limit.name,
    scope: limit.scope,
    measure: limit.measure,
    period: limit.period ?? null,
    max: limit.max,
    max_usd: limit.measure === 'cost' ? writeMoney(BigInt(limit.max)).usd : null,
    enforcement: limit.enforcement,
    source: limit.source,
    created_at: new Date(limit.createdAtMs).toISOString(),
    created_by: limit.createdBy ?? null,
    counts: standings.map(({ subject, used, max, endMs }) => ({
      subject,
      used,
      max,
      resets_at: endMs === undefined ? null : new Date(endMs).toISOString(),
    })),
  };
}
