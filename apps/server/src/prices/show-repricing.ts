import type { Money, RepricedLine, Repricing } from '@app/contract';
import { type RepricedModel, type StoredRepricing, writeMoney } from '@app/store';

/** A re-price as callers see it. */
export function showRepricing(stored: StoredRepricing): Repricing {
  const { progress, requestedBy, endedAtMs, error } = stored;
  const before = sum(progress.models.map((model) => model.beforeNanos));
  const after = sum(progress.models.map((model) => model.afterNanos));
  return {
    id: stored.id,
    from: timeOf(stored.fromMs),
    to: timeOf(stored.toMs),
    applied: stored.isApplied,
    status: stored.status,
    requested_by: requestedBy ?? null,
    created_at: timeOf(stored.createdAtMs),
    updated_at: timeOf(stored.updatedAtMs),
    ended_at: endedAtMs === undefined ? null : timeOf(endedAtMs),
    error: error ?? null,
    calls: { done: progress.calls, total: stored.callsTotal, changed: progress.changedCalls },
    total: compared(before, after),
    models: progress.models.map(showLine),
  };
}

function showLine(line: RepricedModel): RepricedLine {
  return {
    provider: line.provider,
    model: line.model,
    attempts: line.attempts,
    changed: line.changed,
    ...compared(BigInt(line.beforeNanos), BigInt(line.afterNanos)),
    unknown_before: line.unknownBefore,
    unknown_after: line.unknownAfter,
    kept: line.kept,
    price_versions_before: line.versionsBefore,
    price_versions_after: line.versionsAfter,
  };
}

function compared(before: bigint, after: bigint): { before: Money; after: Money; difference: Money } {
  return { before: writeMoney(before), after: writeMoney(after), difference: writeMoney(after - before) };
}

function sum(nanos: readonly string[]): bigint {
  return nanos.reduce((total, one) => total + BigInt(one), 0n);
}

function timeOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
