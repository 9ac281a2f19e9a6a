import type { Call } from './call.ts';
import type { GatewayError } from './error.ts';
import type { Event } from './event.ts';
import type { Json, JsonObject } from './json.ts';
import type { Loss } from './loss.ts';
import type { Reply } from './reply.ts';

export type DialectId = 'openai-chat' | 'anthropic-messages';

/** One wire format, written once, in both directions. `read` is wire to ours, `write` is ours to wire. */
export type Dialect = { id: DialectId; inbound: Inbound; outbound: Outbound };

/** We are the server: a client speaks this dialect to us. */
export type Inbound = {
  /** Throws `GatewayError` (`missing_parameter`, `invalid_parameter`) naming the field. */
  readCall(body: JsonObject): Call;
  writeReply(reply: Reply): JsonObject;
  /** A writer of stream frames; one per reply. */
  openWriter(call: Call): StreamWriter;
  writeError(error: GatewayError, requestId: string): { status: number; body: JsonObject };
};

/** We are the client: we speak this dialect to a provider. */
export type Outbound = {
  /** Path under the provider's base URL, for example `/chat/completions`. */
  path: string;
  /** `model` is the provider's own name for the model. */
  writeCall(call: Call, model: string): { body: JsonObject; losses: Loss[] };
  /** A whole reply as its events. Throws `GatewayError` `provider_bad_response` when it is not one. */
  readReply(body: Json): Event[];
  openReader(): StreamReader;
  readError(status: number, body: Json | undefined): GatewayError;
};

/** A synchronous state machine: frames in, events out. `end` closes what a cut stream left open with an error. */
export type StreamReader = { read(frame: Frame): Event[]; end(): Event[] };

/** A synchronous state machine: events in, frames out. `end` gives what closes a stream that succeeded. */
export type StreamWriter = { write(event: Event): Frame[]; end(): Frame[] };

/** One server-sent event. `bytes` is the frame exactly as it came, its blank line included, when it came from outside. */
export type Frame = { event?: string; data: string; bytes?: Uint8Array };
