import type { Dialect, Frame, JsonObject } from '@app/protocol';
import type { Secret } from '@app/providers';
import type { Outcome } from './outcome.ts';
import type { CallRecord, Principal } from './ports.ts';

/** What the edge knows of one inference request once its key was accepted and its body was read. */
export type Asked = {
  /** The format the caller speaks; the reply and every error are written in it. */
  dialect: Dialect;
  /** The path as documented, for the record: `/v1/chat/completions`. */
  route: string;
  /** From `journey.authenticate`, so that nobody reaches a provider without it. */
  principal: Principal;
  requestId: string;
  /** When the request line came. */
  receivedAt: { epochMs: number; monotonicMs: number };
  /**
   * The body as the dialect reads it, without the fields that only we understand; or why it could not be read, so that
   * a body that is too large or is not JSON is refused, counted and recorded like any other failure.
   */
  body: Outcome<JsonObject>;
  /** The body as it came, for the record and for estimates. Empty when it was not read. */
  bodyText: string;
  /** Models in order of preference (`model_preferences`). */
  modelPreferences?: readonly string[];
  /** The caller's own name for its end user, when the body's dialect has no field for it (`user_id`). */
  userId?: string;
  /** What belongs together for the caller (`x-tokenrouter-session`); else a `session_id` of the body's metadata. */
  sessionId?: string;
  /** The W3C header; a malformed one starts a new trace. */
  traceparent?: string;
  /** `x-tokenrouter-capture`. It may only tighten: `full` changes nothing, an unknown word means `metadata`. */
  capture?: string;
  /** Headers that belong to the dialect (`anthropic-beta`), chosen by the edge; only targets of that dialect get them. */
  dialectHeaders?: { [name: string]: string };
  /**
   * `x-tokenrouter-unsupported`: what becomes of a call that a target cannot say in full. `warn`: it goes on, and the
   * reply tells what was lost. `drop`: it goes on, and only the record tells. `reject`: the target is passed over.
   */
  unsupported?: 'warn' | 'drop' | 'reject';
  /** Containers that providers made for earlier turns of this call. */
  ownContainers?: ReadonlySet<string>;
  /** Labels of the caller's own (`x-tokenrouter-tags`), beside those of its key. */
  tags?: readonly string[];
  /** Keys for providers that came with the call, and which may be used: theirs, ours, or both. */
  callerKeys?: CallerKeys;
  /** What the caller should know and what changes nothing about the reply; added to until the journey starts. */
  warnings?: readonly string[];
  /** Only these providers may answer: they keep the files that the call names. */
  providerIds?: readonly string[];
  /** The routing mode that the caller asked for; shown where a reply tells how its target was chosen. */
  mode?: string;
  /** The reply's id as the caller shall see it, where it is written anew. */
  replyId?: string;
  /** The provider's own bytes will not do, although it speaks the caller's dialect. */
  isRewritten?: boolean;
  /** What this route adds to its replies. */
  decoration?: Decoration;
};

/**
 * `inline`: only keys that came with the call. `stored`: only ours. `mixed`: the caller's where there is one, else ours.
 * `auto`: like `mixed`.
 */
export type KeyModeAsked = 'inline' | 'stored' | 'mixed' | 'auto';

/** Keys that came with a call, by known provider (`openai`). Each is sent to that provider's own origin and nowhere else. */
export type CallerKeys = { mode: KeyModeAsked; byProvider: ReadonlyMap<string, Secret> };

/** What a route adds to replies, in the caller's dialect. Streams keep the provider's bytes unless `frameFields` is set. */
export type Decoration = {
  /** Top-level fields set on a whole reply. */
  wholeFields?: (facts: Settled) => JsonObject;
  /** Top-level fields set on every frame of a stream. Each frame is then parsed and written again. */
  frameFields?: JsonObject;
  /**
   * Changes a frame on its way to the caller; frames of which it gives the same object keep the provider's bytes.
   * `facts` are there for those that end a stream that succeeded.
   */
  rewriteFrame?: (frame: Frame, facts?: Settled) => Frame;
  /** Frames sent just before the one that closes a stream that succeeded. */
  lastFrames?: (facts: Settled) => readonly Frame[];
};

/** What is known of a reply when it is complete. `latencyMs` runs from the request's arrival. */
export type Settled = {
  record: CallRecord;
  mode: RouteMode;
  latencyMs: number;
  warnings?: readonly string[];
};

/** How the targets were chosen: the named model, the preferred list, or the configured order. */
export type RouteMode = 'pinned' | 'preferred' | 'default';

/** A journey under way. `cancel` says that the caller left; after the reply's end it does nothing. */
export type Running = { cancel(): void };
