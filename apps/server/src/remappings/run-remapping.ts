import type { RemappingProgress, Store, StoredRemapping } from '@app/store';
import { type DigestOf, MAPPING_VERSION, type PriceOf, remapRow, type StoredSpanRow } from '@app/tracing';

export type RunRemappingDeps = {
  remappings: Pick<Store['remappings'], 'saveRemapping'>;
  traces: Pick<Store['traces'], 'listRemappable' | 'writeRemapped'>;
  digestOf: (projectId: string) => DigestOf;
  priceOf: PriceOf;
  /** Runs between batches; lets whoever waits go first. */
  breathe(): Promise<void>;
  /** True when the server wants to stop: what is left is for whoever takes it over. */
  isStopping(): boolean;
};

/**
 * Reads a range of received spans anew, batch by batch, from where it stands. A batch is written before it is noted, and
 * written again it changes nothing, so whoever goes on neither loses nor repeats a change. Resolves to the state it left.
 */
export async function runRemapping(deps: RunRemappingDeps, begun: StoredRemapping): Promise<StoredRemapping> {
  let current = begun;
  while (!current.progress.isOver) {
    if (deps.isStopping()) return current;
    const progress = await runBatch(deps, current);
    const { id, serverId } = current;
    const status = progress.isOver ? 'done' : 'running';
    const isOurs = await deps.remappings.saveRemapping(current.projectId, { id, serverId, status, progress });
    if (!isOurs) return current;
    current = { ...current, status, progress };
    await deps.breathe();
  }
  return current;
}

async function runBatch(deps: RunRemappingDeps, remapping: StoredRemapping): Promise<RemappingProgress> {
  const { projectId, fromMs, toMs, isForced, isDryRun, progress } = remapping;
  const belowVersion = isForced ? MAPPING_VERSION + 1 : MAPPING_VERSION;
  const question = { fromMs, toMs, belowVersion, after: progress.cursor };
  const { rows, contents, next } = await deps.traces.listRemappable(projectId, question);
  const by = {
    digestOf: deps.digestOf(projectId),
    priceOf: deps.priceOf,
    contentOf: (digest: string) => contents.get(digest),
  };
  const remapped = rows.map((row) => ({ row, after: remapRow(row, by, remapping.createdAtMs) }));
  const changed = remapped.flatMap(({ row, after }) =>
    after === undefined || isSame(row, after) ? [] : [after],
  );
  // What is the same by the newest mapping is noted as its own too, or it would be read again each time.
  const written = remapped.flatMap(({ after }) => after ?? []);
  if (!isDryRun) await deps.traces.writeRemapped(remapping.id, written);
  return {
    spans: progress.spans + rows.length,
    changed: progress.changed + changed.length,
    lost: progress.lost + rows.length - written.length,
    isOver: next === undefined,
    ...(next === undefined ? {} : { cursor: next }),
  };
}

/** Large numbers come from ClickHouse as text. */
function isSame(before: StoredSpanRow, after: StoredSpanRow): boolean {
  const old = new Map<string, unknown>(Object.entries(before));
  return Object.entries(after).every(
    ([column, value]) => IGNORED.has(column) || wordOf(old.get(column)) === wordOf(value),
  );
}

const IGNORED: ReadonlySet<string> = new Set(['version', 'mapping_version']);

function wordOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
