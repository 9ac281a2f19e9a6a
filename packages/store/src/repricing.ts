import type { AttemptSpan } from '@app/tracing';

/** A span as far as it is priced. */
export type BilledSpan = {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  provider: string;
  model: string;
  /** Nanoseconds since 1970, as decimal text. */
  startedNanos: string;
  version: number;
  /** Sent by somebody: its versions lie behind those of the gateway's own. */
  isReceived?: boolean;
  usage: AttemptSpan['usage'];
  billing: NonNullable<AttemptSpan['billing']>;
  cost: AttemptSpan['cost'];
};

/** A call with its attempts, in the order of their start. */
export type BilledCall = { call: BilledSpan; attempts: BilledSpan[] };

/** Where the next batch of calls begins. */
export type RepricingCursor = { hourS: number; traceId: string; spanId: string };

/** A span's cost before and after. */
export type RepricedSpan = {
  traceId: string;
  spanId: string;
  startedNanos: string;
  /** Higher than the span's own. */
  version: number;
  before: AttemptSpan['cost'];
  after: AttemptSpan['cost'];
};
