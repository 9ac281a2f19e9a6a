import type { Call } from './call.ts';
import type { GatewayError } from './error.ts';
import type { Event } from './event.ts';
import type { Json, JsonObject } from './json.ts';
import type { Loss } from './loss.ts';
import type { Reply } from './reply.ts';

/** The wire formats that a caller may speak. */
export type CallerDialectId =
  | 'openai-chat'
  | 'openai-responses'
  | 'openai-completions'
  | 'anthropic-messages'
  | 'gemini';

/** The wire formats that a provider may speak. */
export type DialectId = CallerDialectId | 'bedrock-converse';

/** One wire format, written once, in both directions. `read` is wire to ours, `write` is ours to wire. */
export type Dialect = { id: CallerDialectId; inbound: Inbound; outbound: Outbound };

/** A wire format that only providers speak. */
export type ProviderDialect = { id: DialectId; outbound: Outbound };

/** We are the server: a client speaks this dialect to us. */
export type Inbound = {
  /** Throws `GatewayError` (`missing_parameter`, `invalid_parameter`) naming the field. */
  readCall(body: JsonObject): Call;
  writeReply(reply: Reply, facts?: ReplyFacts): JsonObject;
  /** A writer of stream frames; one per reply. */
  openWriter(call: Call, facts?: ReplyFacts): StreamWriter;
  writeError(error: GatewayError, requestId: string): { status: number; body: JsonObject };
  /** The frame that ends every stream of this dialect that succeeded, where it has one. */
  closing?: Closing;
};

/** `is` tells whether a provider's own frame is that one. */
export type Closing = { frame: Frame; is(frame: Frame): boolean };

/**
 * What a reply on the wire may tell beyond the reply itself. `createdS` is epoch seconds, 0 when absent; `id` replaces
 * the provider's; `call` is what was asked, for dialects that repeat it.
 */
export type ReplyFacts = {
  createdS?: number;
  requestId?: string;
  id?: string;
  call?: Call;
  /** Who answers, known once the reply begins. */
  routed?: { provider: string; model: string; mode: string };
};

/** We are the client: we speak this dialect to a provider. */
export type Outbound = {
  /** Paths under the provider's base URL; `{model}` stands for the provider's own name of the model, encoded. */
  paths: Paths;
  /** `model` is the provider's own name for the model. */
  writeCall(call: Call, model: string): { body: JsonObject; losses: Loss[] };
  /** A whole reply as its events. Throws `GatewayError` `provider_bad_response` when it is not one. */
  readReply(body: Json): Event[];
  openReader(): StreamReader;
  /** An upstream's refusal. `detail.status` is set when the caller should see the upstream's own status. */
  readError(status: number, body: Json | undefined): GatewayError;
  /**
   * True for a frame that says nothing but the usage we asked for: a relay of the provider's own bytes drops it when
   * the caller did not ask. `events` are what the reader gave for this frame.
   */
  isUsageOnlyFrame(frame: Frame, events: readonly Event[]): boolean;
};

/** For example `/chat/completions` for both. */
export type Paths = { whole: string; stream: string };

/**
 * A synchronous state machine: frames in, events out. Never throws: what cannot be read becomes an `error` event, after
 * which nothing more comes. `end` is called when the bytes are over; a stream that was cut ends in `error`.
 */
export type StreamReader = { read(frame: Frame): Event[]; end(): Event[] };

/**
 * A synchronous state machine: events in, frames out. `end` gives what closes a stream that succeeded, and nothing
 * after an `error` event or without a `reply-end`.
 */
export type StreamWriter = { write(event: Event): Frame[]; end(): Frame[] };

/** One server-sent event. `bytes` is the frame exactly as it came, its blank line included, when it came from outside. */
export type Frame = { event?: string; data: string; bytes?: Uint8Array };
