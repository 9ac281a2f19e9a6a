import type { LimitDelta } from '@app/store';

/** What the calls of one turn changed, as one record of the journal: the server, then the counts. */
export type DeltaRecord = { serverId: string; deltas: readonly LimitDelta[] };

type Row = readonly [limitId: string, subject: string, periodStartMs: number, used: number, held: number];

export function writeDeltas({ serverId, deltas }: DeltaRecord): string {
  const rows = deltas.map(
    ({ limitId, subject, periodStartMs, used, held }): Row => [limitId, subject, periodStartMs, used, held],
  );
  return JSON.stringify([serverId, rows]);
}

/** Undefined when the text is no such record. */
export function readDeltas(text: string): DeltaRecord | undefined {
  const value = parse(text);
  if (!Array.isArray(value) || typeof value[0] !== 'string' || !Array.isArray(value[1])) return undefined;
  const [serverId, rows]: [string, unknown[]] = [value[0], value[1]];
  if (!rows.every(isRow)) return undefined;
  return {
    serverId,
    deltas: rows.map(([limitId, subject, periodStartMs, used, held]) => ({
      ...{ limitId, subject, periodStartMs, used, held },
    })),
  };
}

function isRow(row: unknown): row is Row {
  return (
    Array.isArray(row) &&
    row.length === 5 &&
    row.every((field, at) => (at < 2 ? typeof field === 'string' : Number.isSafeInteger(field)))
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
