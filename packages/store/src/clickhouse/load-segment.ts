import { createHash } from 'node:crypto';
import type { LoadedSegment, LoadSegment, OnRefused, ReceivedTable } from '@app/tracing';
import { joinLoad } from './join-load.ts';
import type { MergeParts } from './merge-stored-parts.ts';
import type { Clickhouse, InsertTable } from './open-clickhouse.ts';
import { splitNdjson } from './split-ndjson.ts';
import { withoutRefused } from './without-refused.ts';

/** The embedded engine holds an insert in memory as a whole. */
const insertBytesMax = 16 * 1024 * 1024;

export type LoadSegmentOptions = {
  loaderId?: string;
  /** Makes the row of a span that comes in parts. Without it parts are kept and make no span yet. */
  mergeParts?: MergeParts;
};

/**
 * Inserts a segment. Contents and times come first, so that a span that can be read is complete. A repeat with the
 * same token, whole or after a failure half-way, adds nothing. Contents are added again by another process (`loaderId`):
 * those of a load that stopped half-way belonged to no span yet and may have been swept away meanwhile. What belongs
 * together, in this load or with what came before, is joined afterwards: in whichever order things come, they end alike.
 */
export function createLoadSegment(clickhouse: Clickhouse, options: LoadSegmentOptions = {}): LoadSegment {
  const { loaderId = '' } = options;
  const join = joinLoad(clickhouse, { loaderId, mergeParts: options.mergeParts });
  return async (segment: LoadedSegment, onRefused?: OnRefused) => {
    const into = onRefused === undefined ? clickhouse : withoutRefused(clickhouse, onRefused);
    const { token, contents, traceIndex, spans, received = {} } = segment;
    for (const ndjson of splitNdjson(contents, insertBytesMax)) {
      // Another try may leave out contents that are known to be stored by now, so these bytes name themselves.
      const digest = createHash('sha256').update(ndjson).digest('base64url');
      const named = `${token}-contents-${loaderId}${digest}`;
      await into.insert('contents', { ndjson, token: named });
    }
    const insert = async (table: InsertTable, rows: Buffer) => {
      for (const [piece, ndjson] of splitNdjson(rows, insertBytesMax).entries())
        await into.insert(table, { ndjson, token: `${token}-${table}-${piece}` });
    };
    await insert('trace_index', traceIndex);
    for (const [name, table] of receivedTables) {
      const rows = received[name];
      if (rows !== undefined && rows.length > 0) await insert(table, rows);
    }
    await insert('spans', spans);
    if (received.touched !== undefined) await join({ into, token, touched: received.touched });
  };
}

/** Parts and calls of the gateway come before spans, because these are joined with them. */
const receivedTables: readonly [ReceivedTable, InsertTable][] = [
  ['gatewayCalls', 'gateway_calls'],
  ['gatewayClaims', 'gateway_claims'],
  ['parts', 'span_parts'],
  ['scores', 'scores'],
  ['losses', 'ingest_losses'],
];
