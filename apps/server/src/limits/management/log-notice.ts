import { type Log, type StoredNotice, writeMoney } from '@app/store';

/** Delivers a notice to the log, for whoever reads it there. */
export function logNotice(log: Pick<Log, 'warn'>): (notice: StoredNotice) => void {
  return ({ id, budgetId, subject, kind, percent, spent, available, told }) =>
    log.warn(
      {
        ...{ notice: id, budget: budgetId, subject, kind, percent, told },
        spentUsd: writeMoney(BigInt(spent)).usd,
        availableUsd: writeMoney(BigInt(available)).usd,
      },
      'A budget has something to tell.',
    );
}
