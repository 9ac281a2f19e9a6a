import type { WireUsage } from '@app/protocol';
import type { SpanFields } from '../../tracer.ts';

/** Reads one reply, whole or event by event, and tells at any time what it has understood. */
export type ReplyReader = {
  /** One event of a stream. True when it brought a piece of the answer. */
  event(event: unknown): boolean;
  whole(reply: unknown): void;
  /** What came so far; a streamed reply is put together as it would have come whole. */
  facts(): ReplyFacts;
};

export type ReplyFacts = {
  fields: SpanFields;
  /** The reply itself says that the call failed. */
  failure?: { code?: string; message: string };
};

/** The classes of tokens. Nothing when none is known. */
export function usageFields({ usage, estimated }: WireUsage): SpanFields {
  if (Object.keys(usage).length === 0) return {};
  return estimated ? { usage, usageEstimated: true } : { usage };
}
