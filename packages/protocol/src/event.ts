import type { Citation, MediaPart, TokenLogprob } from './call.ts';
import type { DialectId } from './dialect.ts';
import type { GatewayError } from './error.ts';
import type { Json } from './json.ts';
import type { Signature } from './signature.ts';
import type { Billing, Usage } from './usage.ts';

/** The seven events that carry every reply, streamed or whole. */
export type Event =
  | { type: 'reply-start'; id: string; model: string }
  | PartStart
  /** `logprobs` are those of the tokens in `delta`. */
  | { type: 'part-delta'; index: number; delta: string; logprobs?: TokenLogprob[] }
  | { type: 'part-end'; index: number; signature?: Signature; citations?: Citation[] }
  /**
   * May come in pieces; the last word per token class wins. `estimated`: the provider's figures contradict each other.
   * What decides the price beside the tokens is told with them: the queue that answered, the place, the tools that ran.
   */
  | ({ type: 'usage'; usage: Usage; estimated?: true } & Billing)
  /** `stopSequence` is the caller's own sequence that ended the reply. */
  | { type: 'reply-end'; stop: StopReason; rawStop?: string; stopSequence?: string }
  /** A failure after the commit point: in the stream, never a status. */
  | { type: 'error'; error: GatewayError };

/**
 * `index` counts parts from 0. Deltas are text, thinking, a refusal, or a piece of the tool call's JSON input. Media and
 * opaque parts come whole.
 */
export type PartStart =
  | { type: 'part-start'; index: number; kind: 'text' | 'thinking' | 'refusal' }
  | { type: 'part-start'; index: number; kind: 'media'; media: MediaPart }
  | { type: 'part-start'; index: number; kind: 'tool-call'; tool: { id: string; name: string } }
  | { type: 'part-start'; index: number; kind: 'opaque'; dialect: DialectId; value: Json };

export type StopReason = 'end' | 'length' | 'tool-calls' | 'stop-sequence' | 'refusal' | 'pause' | 'other';
