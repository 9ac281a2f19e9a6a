import type { DropReason, IngestSpan } from '@app/contract';
import type { JsonObject } from '@app/protocol';

/**
 * In which format a batch came. `events` is what the tracer's SDKs of version 1 send. `received` is none that a sender may
 * use: a `Batch` as JSON, which is how what must not be kept was taken out of one.
 */
export type BatchSource = 'otlp-json' | 'otlp-protobuf' | 'sdk' | 'events' | 'langfuse' | 'received';

type Received = {
  traceId: string;
  spanId: string;
  /** Empty for a root. */
  parentSpanId: string;
  name: string;
  /** Epoch milliseconds with a fraction. */
  startedAtMs: number;
  endedAtMs: number;
};

/** A span of OpenTelemetry with its attributes as plain JSON; what they mean is for the conventions to say. */
export type AttributedSpan = Received & {
  source: 'otlp';
  /** OpenTelemetry's status: 0 unset, 1 ok, 2 error. */
  statusCode: number;
  statusMessage: string;
  attributes: JsonObject;
  resource: JsonObject;
  scope: { name: string; version: string };
  schemaUrl: string;
  /** How many private values of each type were taken out of it here; absent when none were looked for. */
  redactions?: { [type: string]: number };
  events: readonly { name: string; atMs: number; attributes: JsonObject }[];
  links: readonly { traceId: string; spanId: string; attributes: JsonObject }[];
  /** OpenTelemetry's kind: 1 internal, 2 server, 3 client, 4 producer, 5 consumer; absent when it was not told. */
  spanKind?: number;
  traceState?: string;
  /** How many of each its sender left out; absent where it left out none. */
  dropped?: { attributes?: number; events?: number; links?: number };
};

/** A span whose sender speaks our own words, or was translated into them when it was read. */
export type PlainSpan = Received & {
  source: 'sdk' | 'events' | 'langfuse';
  span: IngestSpan;
  environment: string | undefined;
  release: string | undefined;
  service: string | undefined;
  traceName: string | undefined;
  /** What the sender says it cost, in dollars. */
  givenUsd?: number;
  /** Only some fields are known, as of this time: they join what came before and comes after. Absent for whole spans. */
  partAtMs?: number;
  /** Names a part within its span, so that one that is sent again is the same. */
  partId?: string;
  /** When the first of a reply came, where that is told without telling when its span began. */
  firstAtMs?: number;
  /** What of a part's fields only fills a place because nothing is known of it. */
  unknown?: readonly UnknownField[];
};

export type UnknownField = 'name' | 'type' | 'outcome' | 'parentSpanId' | 'startedAtMs' | 'endedAtMs';

export type ReceivedSpan = AttributedSpan | PlainSpan;

export type ReceivedScore = {
  scoreId: string;
  traceId: string;
  spanId: string;
  sessionId: string;
  name: string;
  value: number | string | boolean;
  comment: string;
  source: 'user' | 'evaluation' | 'annotation' | 'api';
  atMs: number;
};

/** One span or score that could not be taken, by its place in the batch; the others were. */
export type Rejected = { index: number; id: string | undefined; reason: string };

/** A batch as it was understood. */
export type Batch = {
  spans: ReceivedSpan[];
  scores: ReceivedScore[];
  rejected: Rejected[];
  /** Who sent it: `name/version`; empty when it does not say. */
  sdk: string;
  /** What the sender lost before, by reason. */
  dropped: { [reason in DropReason]?: number };
};

/** What a reader is told of a batch beside its bytes. */
export type BatchArrival = {
  receivedAtMs: number;
  /** Of the key that it came under. */
  mode: 'live' | 'test';
};

/** What is known of a batch beside its bytes; with the bytes it is one record of the spool. */
export type BatchHead = {
  kind: 'batch';
  batchSource: BatchSource;
  receivedAtMs: number;
  organizationId: string;
  projectId: string;
  keyId: string;
  mode: 'live' | 'test';
  /** Of the key; what a span says of itself comes first. */
  environment: string;
  /** What the project keeps. What must not be kept was taken out of the bytes already. */
  capture: 'full' | 'redacted' | 'metadata';
};
