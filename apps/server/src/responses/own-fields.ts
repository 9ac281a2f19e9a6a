import type { Settled } from '@app/gateway';
import type { JsonObject, StopReason } from '@app/protocol';
import { METADATA_MAX, type StateFields, VALUE_CHARS_MAX } from './read-state-fields.ts';

/** Who answers, as far as that is known. */
export type Routed = {
  provider?: string | undefined;
  model?: string | undefined;
  mode?: string | undefined;
};

/** What a reply of the Responses API says about itself that no provider knows. `settled` is known at its end alone. */
export type OwnFields = (routed: Routed, settled?: Settled) => JsonObject;

export type OwnFieldsInput = { id: string; requestId: string; fields: StateFields };

/** The id under which a reply is kept, what it goes on from, and how it was routed, in its `metadata`. */
export function createOwnFields({ id, requestId, fields }: OwnFieldsInput): OwnFields {
  const { previousId, conversationId, store, isBackground, metadata } = fields;
  const about: JsonObject = {
    id,
    previous_response_id: previousId ?? null,
    store,
    background: isBackground,
  };
  if (conversationId !== undefined) about.conversation = { id: conversationId };
  return (routed, settled) => ({ ...about, metadata: withRouting(metadata, { requestId, routed, settled }) });
}

type Routing = { requestId: string; routed: Routed; settled: Settled | undefined };

/** The caller's own labels stay as they are; ours follow as long as there is room for more. */
function withRouting(own: StateFields['metadata'], { requestId, routed, settled }: Routing): JsonObject {
  const metadata: { [key: string]: string } = { ...own };
  const add = (key: string, value: string | undefined): void => {
    if (value === undefined || key in metadata || Object.keys(metadata).length >= METADATA_MAX) return;
    metadata[key] = value.slice(0, VALUE_CHARS_MAX);
  };
  add('request_id', requestId);
  add('provider', routed.provider);
  add('routed_model', routed.model);
  add('routing_mode', routed.mode);
  if (settled === undefined) return metadata;
  const { record, latencyMs } = settled;
  if (record.reply !== undefined) add('stop_reason', STOPS[record.reply.stop]);
  if (record.cost.label !== 'unknown') add('cost_usd', decimal(record.cost.nanos));
  add('cost_label', record.cost.label);
  add('latency_ms', String(Math.round(latencyMs)));
  add('trace_id', record.traceId);
  return metadata;
}

/** As TokenRouter's older replies tell it. */
const STOPS: Record<StopReason, string> = {
  end: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'stop-sequence': 'stop_sequence',
  refusal: 'refusal',
  pause: 'pause_turn',
  other: 'other',
};

/** Nano-dollars as US dollars, without a float. */
function decimal(nanos: number): string {
  const digits = String(nanos).padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, '');
}
