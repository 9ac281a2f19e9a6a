import { expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { ndjson, segment } from '../../../test/span-rows.ts';
import { createLoadSegment } from '../load-segment.ts';
import { readIngestLosses } from './read-ingest-losses.ts';

const clickhouse = useClickhouse();

test('what senders lost is summed by reason since a moment, without what was refused here', async () => {
  const loss = (reason: string, spans: number, at: string) => ({
    ...{ project_id: 'mine', key_id: 'key_1', source: 'sdk', sdk: 'tokentrace/2.0.0' },
    ...{ reason, spans, at },
  });
  const losses = [
    loss('queue_full', 5, '2026-05-02T09:00:00.000Z'),
    loss('queue_full', 7, '2026-05-02T10:00:00.000Z'),
    loss('unreachable', 1, '2026-05-02T10:00:00.000Z'),
    loss('refused', 9, '2026-05-02T10:00:00.000Z'),
    loss('queue_full', 100, '2026-05-01T08:00:00.000Z'),
    { ...loss('queue_full', 100, '2026-05-02T10:00:00.000Z'), project_id: 'other' },
  ];
  await createLoadSegment(clickhouse.get())({
    ...segment('losses', []),
    received: { losses: ndjson(losses) },
  });
  const found = await readIngestLosses(clickhouse.get())('mine', Date.parse('2026-05-01T12:00:00Z'));
  expect(found).toEqual([
    { reason: 'queue_full', spans: 12 },
    { reason: 'unreachable', spans: 1 },
  ]);
});
