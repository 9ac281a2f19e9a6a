import type { ReceivedTable } from './ports.ts';
import type { PriceTable } from './price-of.ts';
import type { SegmentLoad, SegmentSummary } from './segment-loads.ts';

/** What the worker is given when it starts. */
export type LoaderWorkerData = {
  key: Uint8Array;
  contentKey: Uint8Array;
  nameKey: Uint8Array;
  prices: PriceTable;
  loadBytesMax: number;
  recentEntriesMax: number;
  recentAgeMsMax: number;
};

export type SegmentPlace = { id: string; path: string };

/**
 * `next` says that the last load is stored; `leave` that it is not, and the segment will come again. `ahead` is the segment that
 * will probably be asked for afterwards: it is made ready while loads of this one are stored.
 */
export type ToLoaderWorker =
  | ({ kind: 'read'; ahead: SegmentPlace | undefined } & SegmentPlace)
  | { kind: 'next' }
  | { kind: 'leave' };

/** `ready` comes first, when the thread can take segments. */
export type FromLoaderWorker =
  | { kind: 'ready' }
  | { kind: 'load'; load: Omit<SegmentLoad, 'spans' | 'contents' | 'traceIndex' | 'received'> & LoadBytes }
  | { kind: 'done'; summary: SegmentSummary }
  | { kind: 'failed'; error: string; code?: string };

/** Buffers become plain bytes on their way between threads; their memory is shared and stays as it is until `next` or `leave`. */
type LoadBytes = {
  spans: Uint8Array;
  contents: Uint8Array;
  traceIndex: Uint8Array;
  received?: { [table in ReceivedTable]?: Uint8Array };
};
