export type { AttemptSpan, CallSpan } from './call-span.ts';
export { type DigestOf, type ExtractedContents, extractContents, resolveContents } from './contents.ts';
export { mapAttributes } from './conventions/map-attributes.ts';
export { mapContent } from './conventions/map-content.ts';
export { MAPPING_VERSION, type MappedContent, type MappedSpan } from './conventions/mapped-span.ts';
export { createProjectRedactors, type ProjectRedactors } from './create-project-redactors.ts';
export { dropTokens } from './drop-tokens.ts';
export type { Clock, Log, Schedule } from './environment.ts';
export { createGroupCommit } from './group-commit.ts';
export {
  LOADER_LIMITS,
  type Loader,
  type LoaderLimits,
  type LoaderOptions,
  type LoaderStats,
  openLoader,
} from './loader.ts';
export { mergeParts } from './merge-parts.ts';
export * from './ports.ts';
export { createPriceOf, NO_PRICES, type PriceOf, type PriceTable } from './price-of.ts';
export { readSegment } from './read-segment.ts';
export { BATCH_BOUNDS } from './received/batch-bounds.ts';
export { BatchError } from './received/batch-error.ts';
export { readBatch } from './received/read-batch.ts';
export { writeReceived } from './received/read-received.ts';
export type {
  Batch,
  BatchArrival,
  BatchHead,
  BatchSource,
  ReceivedScore,
  ReceivedSpan,
  Rejected,
} from './received/received-span.ts';
export { receivedVersion } from './received-columns.ts';
export { readRecords } from './record-parts.ts';
export { createRecorder, type Recorder } from './recorder.ts';
export { type RemapDeps, remapRow, type StoredSpanRow } from './remap-row.ts';
export { createDigestOf } from './segment-loads.ts';
export type { SealedSegment } from './segment-shelf.ts';
export {
  openSpool,
  SPOOL_LIMITS,
  type Spool,
  type SpoolLimits,
  type SpoolOptions,
  type SpoolStats,
} from './spool.ts';
export { readStoredSpan, type StoredPlace } from './stored-span.ts';
export { threadEnvironment } from './thread-environment.ts';
