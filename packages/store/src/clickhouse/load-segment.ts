import { createHash } from 'node:crypto';
import type { LoadSegment } from '@app/tracing';
import type { Clickhouse } from './open-clickhouse.ts';
import { splitNdjson } from './split-ndjson.ts';

/** The embedded engine holds an insert in memory as a whole. */
const insertBytesMax = 16 * 1024 * 1024;

/**
 * Inserts a segment. Contents and times come first, so that a span that can be read is complete. A repeat with the
 * same token, whole or after a failure half-way, adds nothing. Contents are added again by another process (`loaderId`):
 * those of a load that stopped half-way belonged to no span yet and may have been swept away meanwhile.
 */
export function createLoadSegment(clickhouse: Clickhouse, { loaderId = '' } = {}): LoadSegment {
  return async ({ token, contents, traceIndex, spans }) => {
    for (const ndjson of splitNdjson(contents, insertBytesMax)) {
      // Another try may leave out contents that are known to be stored by now, so these bytes name themselves.
      const digest = createHash('sha256').update(ndjson).digest('base64url');
      await clickhouse.insert('contents', { ndjson, token: `${token}-contents-${loaderId}${digest}` });
    }
    for (const [piece, ndjson] of splitNdjson(traceIndex, insertBytesMax).entries()) {
      await clickhouse.insert('trace_index', { ndjson, token: `${token}-trace_index-${piece}` });
    }
    for (const [piece, ndjson] of splitNdjson(spans, insertBytesMax).entries()) {
      await clickhouse.insert('spans', { ndjson, token: `${token}-spans-${piece}` });
    }
  };
}
