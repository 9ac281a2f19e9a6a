import { expect, test } from 'vitest';
import { findIngestTrouble } from './ingest-trouble.ts';

const well = {
  waiting_bytes: 900,
  waiting_segments: 1,
  lag_seconds: 10,
  dropped_records: 0,
  dropped_contents: 0,
  failed_loads: 3,
  set_aside_segments: 0,
};

test('a store that is at most ten seconds behind is no trouble, whatever it took', () => {
  expect(findIngestTrouble(well)).toEqual([]);
});

test('everything that is late or lost is told, each in a sentence', () => {
  const status = {
    ...well,
    lag_seconds: 130,
    dropped_records: 1,
    dropped_contents: 1_200,
    set_aside_segments: 2,
    rejected_spans: 5,
    lost_by_senders: [
      { reason: 'queue_full', spans: 40 },
      { reason: 'sampled', spans: 900 },
    ],
  };
  expect(findIngestTrouble(status)).toEqual([
    'Traces are 2 minutes behind: the trace store does not keep up.',
    '1 trace was lost since the server started: the disk bound was reached.',
    '1,200 traces were kept without content since the server started.',
    '5 received spans were refused since the server started.',
    '40 spans were lost by senders in the last 24 hours (their queue was full).',
    '2 trace files were set aside: the trace store refuses them.',
  ]);
});
