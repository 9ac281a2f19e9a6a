import { GatewayError } from '@app/protocol';
import type { InsertLimit, RelationalStore, StoredLimit } from '@app/store';
import type { LimitPlace } from './limit-place.ts';

/** Every call looks up and counts what applies to it, so that this many may apply because of one scope. */
const ALIKE_MAX = 50;
/** All of them are in the memory of every server. */
const LIMITS_MAX = 50_000;

/** Inserts a limit or budget. Throws a 409 when there are as many as may be. */
export async function insertCounted(
  limits: Pick<RelationalStore['limits'], 'countLimits' | 'insertLimit'>,
  { organizationId, projectId }: LimitPlace,
  row: InsertLimit,
): Promise<{ limit: StoredLimit; sequence: number }> {
  const { total, alike } = await limits.countLimits(organizationId, { projectId, scope: row.scope });
  if (total >= LIMITS_MAX) throw tooMany(`An organization has at most ${LIMITS_MAX} limits and budgets.`);
  if (alike >= ALIKE_MAX) throw tooMany(`At most ${ALIKE_MAX} limits and budgets may count the same calls.`);
  return limits.insertLimit(organizationId, row);
}

function tooMany(message: string): GatewayError {
  return new GatewayError('conflict', `${message} Delete one first.`, { retryable: false });
}
