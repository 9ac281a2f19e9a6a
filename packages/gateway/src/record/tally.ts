import {
  billingOf,
  type Call,
  type Event,
  openCollector,
  openFeatureWatch,
  type Reply,
  type SeenFeatures,
  type Usage,
} from '@app/protocol';
import type { BillingFacts } from '@app/providers';
import type { AttemptRecord, Target } from '../ports.ts';
import { attemptCost, nothing } from './call-cost.ts';
import { credentialOf } from './credential-of.ts';
import { estimateUsage } from './estimate-usage.ts';

export type TallyInput = {
  call: Call;
  target: Target;
  mode: 'live' | 'test';
  spanId: string;
  /** Epoch milliseconds. */
  startedAtMs: number;
  /** Parts are kept only for a record that shows them. */
  isCaptured: boolean;
  /** The most text that is kept. */
  keptCharsMax: number;
};

type AttemptEnd = {
  outcome: AttemptRecord['outcome'];
  /** Epoch milliseconds. */
  endedAtMs: number;
  status: number | undefined;
  errorCode: string | undefined;
  errorMessage: string | undefined;
};

/** What one attempt gave so far, added up event by event. */
export type Tally = {
  readonly target: Target;
  /** `atMs` is epoch milliseconds. */
  see(event: Event, atMs: number): void;
  /** True once something came that a caller may see, which is the commit point. */
  hasPart(): boolean;
  /** True once the provider said that the reply is complete. */
  hasEnded(): boolean;
  firstPartAtMs(): number | undefined;
  /** What was produced, as far as it came; absent when nothing came or nothing is captured. */
  reply(): Reply | undefined;
  /** What came beside text and tool calls. */
  features(): SeenFeatures;
  close(end: AttemptEnd): AttemptRecord;
};

type Seen = {
  partAtMs: number | undefined;
  hasPart: boolean;
  hasEnded: boolean;
  isEstimated: boolean;
  chars: number;
  bytes: number;
};

export function openTally(input: TallyInput): Tally {
  const usage: Usage = {};
  const billing: BillingFacts = {};
  const seen: Seen = {
    partAtMs: undefined,
    hasPart: false,
    hasEnded: false,
    isEstimated: false,
    chars: 0,
    bytes: 0,
  };
  const watch = openFeatureWatch();
  const collector = input.isCaptured ? openCollector() : undefined;
  return {
    target: input.target,
    see(event, atMs) {
      note(seen, event, atMs);
      watch.see(event);
      if (event.type === 'usage') {
        Object.assign(usage, event.usage);
        Object.assign(billing, billingOf(event));
      }
      if (collector !== undefined && isKept(event, seen, input.keptCharsMax)) collector.add(event);
    },
    hasPart: () => seen.hasPart,
    hasEnded: () => seen.hasEnded,
    firstPartAtMs: () => seen.partAtMs,
    reply: () => (seen.hasPart ? collector?.reply() : undefined),
    features: watch.seen,
    close: (end) => closed(input, { usage, billing, seen }, end),
  };
}

type Got = { usage: Usage; billing: BillingFacts; seen: Seen };

function note(seen: Seen, event: Event, atMs: number): void {
  if (event.type === 'part-delta') {
    seen.chars += event.delta.length;
    seen.bytes += Buffer.byteLength(event.delta);
  } else if (event.type === 'part-start') {
    seen.hasPart = true;
    seen.partAtMs ??= atMs;
  } else if (event.type === 'usage') {
    if (event.estimated === true) seen.isEstimated = true;
  } else if (event.type === 'reply-end') {
    // A reply may end without a part; then its end is what commits it.
    seen.hasPart = true;
    seen.hasEnded = true;
  }
}

/** Beyond the limit the reply goes on to the caller, and the record holds its beginning. */
function isKept(event: Event, seen: Seen, keptCharsMax: number): boolean {
  return event.type !== 'part-delta' || seen.chars <= keptCharsMax;
}

function closed(input: TallyInput, got: Got, end: AttemptEnd): AttemptRecord {
  const { seen } = got;
  const billed = bill(input, got, end);
  return {
    spanId: input.spanId,
    provider: input.target.provider.id,
    ...credentialOf(input.target),
    model: input.target.model,
    startedAtMs: input.startedAtMs,
    endedAtMs: end.endedAtMs,
    ttftMs: input.call.stream && seen.partAtMs !== undefined ? seen.partAtMs - input.startedAtMs : undefined,
    status: end.status,
    outcome: end.outcome,
    errorCode: end.errorCode,
    errorMessage: end.errorMessage,
    ...billed,
  };
}

/** A provider bills what it produced, and the prompt of a call that was broken off; a refusal is free. */
function bill(
  { call, target, mode }: TallyInput,
  { usage, billing, seen }: Got,
  end: AttemptEnd,
): Pick<AttemptRecord, 'usage' | 'billing' | 'cost'> {
  const isBilled = seen.hasPart || end.outcome !== 'failed' || Object.keys(usage).length > 0;
  if (!isBilled) return { usage, cost: nothing(mode) };
  const produced = { outputBytes: seen.bytes, hasEnded: seen.hasEnded };
  const counted = estimateUsage(usage, call, produced);
  if (counted.estimated || seen.isEstimated) billing.estimated = true;
  const cost = attemptCost({ ...billing, usage: counted.usage, target, mode });
  return { usage: counted.usage, ...(Object.keys(billing).length === 0 ? {} : { billing }), cost };
}
