import type { Limit } from '../limits/limit.ts';
import type { LimitEffects } from '../ports.ts';

type Noting = { noteLimits(effects: LimitEffects): void };

/** A limit by what it is known by in records. */
export type LimitName = { limitId: string; limitName?: string };

/** The implicit limits of a key have no name that anybody gave them. */
export function limitNameOf({ id, name }: Pick<Limit, 'id' | 'name'>): LimitName {
  return { limitId: id, ...(name === '' ? {} : { limitName: name }) };
}

/** Which limit ended the call; nothing where none did, as when the counts could not be asked. */
export function noteRefusal(
  ledger: Noting,
  { limitId, limitName }: { limitId: string | undefined; limitName?: string },
): void {
  if (limitId === undefined) return;
  ledger.noteLimits({ refusedBy: limitId, ...(limitName === undefined ? {} : { refusedByName: limitName }) });
}

/** Which budget sent the call to another model. */
export function noteRouting(ledger: Noting, limit: Pick<Limit, 'id' | 'name'>): void {
  const { limitId, limitName } = limitNameOf(limit);
  ledger.noteLimits({ routedBy: limitId, ...(limitName === undefined ? {} : { routedByName: limitName }) });
}
