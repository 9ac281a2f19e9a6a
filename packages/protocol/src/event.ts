import type { DialectId } from './dialect.ts';
import type { GatewayError } from './error.ts';
import type { Json } from './json.ts';
import type { Usage } from './usage.ts';

/** The seven events that carry every reply, streamed or whole. */
export type Event =
  | { type: 'reply-start'; id: string; model: string }
  | PartStart
  | { type: 'part-delta'; index: number; delta: string }
  | { type: 'part-end'; index: number; signature?: string }
  /** May come in pieces; the last word per token class wins. `estimated`: the provider's figures contradict each other. */
  | { type: 'usage'; usage: Usage; estimated?: true }
  /** `stopSequence` is the caller's own sequence that ended the reply. */
  | { type: 'reply-end'; stop: StopReason; rawStop?: string; stopSequence?: string }
  /** A failure after the commit point: in the stream, never a status. */
  | { type: 'error'; error: GatewayError };

/** `index` counts parts from 0. Deltas are text, thinking, or a piece of the tool call's JSON input. */
export type PartStart =
  | { type: 'part-start'; index: number; kind: 'text' }
  | { type: 'part-start'; index: number; kind: 'thinking' }
  | { type: 'part-start'; index: number; kind: 'tool-call'; tool: { id: string; name: string } }
  | { type: 'part-start'; index: number; kind: 'opaque'; dialect: DialectId; value: Json };

export type StopReason = 'end' | 'length' | 'tool-calls' | 'stop-sequence' | 'refusal' | 'pause' | 'other';
