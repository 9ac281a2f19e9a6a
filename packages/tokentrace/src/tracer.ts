/** What a span is. `generation`, `embedding`, `image`, `audio`, `moderation` and `rerank` are calls of a model. */
export type SpanType =
  | 'generation'
  | 'embedding'
  | 'image'
  | 'audio'
  | 'moderation'
  | 'rerank'
  | 'agent'
  | 'chain'
  | 'tool'
  | 'retriever'
  | 'guardrail'
  | 'evaluator'
  | 'event'
  | 'span';

/** In which format `input` and `output` are, so that a reader can show messages; `json` is whatever was handed over. */
export type ContentDialect =
  | 'openai-chat'
  | 'openai-responses'
  | 'openai-completions'
  | 'openai-embeddings'
  | 'anthropic-messages'
  | 'gemini'
  | 'ai-sdk'
  | 'json';

/** Tokens in disjoint classes: none is counted in two of them. A class that was not reported is absent. */
export type TokenUsage = {
  inputFresh?: number | undefined;
  inputCacheRead?: number | undefined;
  inputCacheReadAudio?: number | undefined;
  inputCacheReadImage?: number | undefined;
  /** Written to a cache that lives five minutes. */
  inputCacheWrite?: number | undefined;
  inputCacheWrite1h?: number | undefined;
  inputAudio?: number | undefined;
  inputImage?: number | undefined;
  outputText?: number | undefined;
  outputThinking?: number | undefined;
  outputAudio?: number | undefined;
  outputImage?: number | undefined;
};

/** Who and what the spans of a context belong to. A later value replaces an earlier one; tags and metadata add up. */
export type Tags = {
  userId?: string | undefined;
  sessionId?: string | undefined;
  tags?: readonly string[] | undefined;
  prompt?: { name: string; version?: string | undefined } | undefined;
  metadata?: Readonly<Record<string, unknown>> | undefined;
};

/** What may be told of a span at any time before its end. Values are copied at once: later changes are not seen. */
export type SpanFields = Tags & {
  name?: string | undefined;
  type?: SpanType | undefined;
  provider?: string | undefined;
  /** The model that answered. */
  model?: string | undefined;
  /** The model that was asked for. */
  modelAsked?: string | undefined;
  stream?: boolean | undefined;
  /** Milliseconds from the start to the first token, for whoever learns it later than `firstToken` could tell. */
  ttftMs?: number | undefined;
  usage?: TokenUsage | undefined;
  /** The counts are our own estimate, not the provider's. */
  usageEstimated?: boolean | undefined;
  serviceTier?: string | undefined;
  finishReason?: string | undefined;
  toolName?: string | undefined;
  /** The provider's own id of the request. */
  requestId?: string | undefined;
  /** `x-tokenrouter-request-id` of the reply: the gateway's own record of the call is the priced one. */
  gatewayRequestId?: string | undefined;
  dialect?: ContentDialect | undefined;
  input?: unknown;
  output?: unknown;
};

export type SpanStart = SpanFields & {
  /** Epoch milliseconds; now when absent. */
  startMs?: number | undefined;
  /** Absent: the span of the current context. Null: the root of a new trace. */
  parent?: SpanContext | null | undefined;
};

export type SpanEnd = SpanFields & {
  /** Epoch milliseconds; now when absent. */
  endMs?: number | undefined;
};

/** Where a span stands, as a `traceparent` header tells it. */
export type SpanContext = {
  /** 32 and 16 lower-case hexadecimal digits. */
  traceId: string;
  spanId: string;
};

/** A span that was started. Nothing here throws; after the end every method is without effect. */
export type Span = SpanContext & {
  /** False when the sampling rate or a disabled tracer leaves the span out: collecting its content is wasted work. */
  readonly recording: boolean;
  update(fields: SpanFields): void;
  /** The first token arrived now. Only the first call counts. */
  firstToken(): void;
  /** It went well. */
  end(fields?: SpanEnd): void;
  /** It failed. The code, message and HTTP status are read from the error. An abort counts as cancelled. */
  fail(error: unknown, fields?: SpanEnd): void;
  /** It was given up before its end: an aborted call, a stream that nobody read on. */
  cancel(fields?: SpanEnd): void;
  /** Runs `fn` with this span as the parent of what starts in it. */
  run<T>(fn: () => T): T;
  /** The W3C header that makes this span the parent of what the receiver records. */
  traceparent(): string;
  /** A child of this span, for runtimes without asynchronous context. It must be ended. */
  open(start: SpanStart & { name: string }): Span;
};

export type Score = {
  /** The same id again replaces the score; random when absent. */
  id?: string | undefined;
  name: string;
  value: number | string | boolean;
  comment?: string | undefined;
  source?: 'user' | 'evaluation' | 'annotation' | 'api' | undefined;
  /** What is judged; the span of the current context when none of the three is given. */
  traceId?: string | undefined;
  spanId?: string | undefined;
  sessionId?: string | undefined;
};

/** Why spans were lost before they reached the server. */
export type DropReason =
  | 'queue_full'
  | 'too_large'
  | 'rejected'
  | 'unreachable'
  | 'redaction_failed'
  | 'sampled';

export type Stats = {
  /** Spans and scores that were handed over for sending. */
  recorded: number;
  /** Those the server said it has. */
  accepted: number;
  /** Since the start, by reason. */
  dropped: { [reason in DropReason]?: number };
  /** Spans and scores that wait, and what they hold of memory at most. */
  queued: number;
  queuedBytes: number;
};

/** How a piece of code is watched: it is recorded as a span, and its result or error passes through unchanged. */
export type SpanOptions = Omit<SpanStart, 'name'>;

/** One sender of traces. No method throws what is not the app's own error. */
export type Tracer = {
  /** Starts a span that must be ended. It is nobody's parent unless its `run` says so. */
  startSpan(start: SpanStart & { name: string }): Span;
  /** Starts the root of a new trace, runs `fn` in it and ends it with what becomes of `fn`. */
  trace<T>(name: string, fn: (span: Span) => T, options?: SpanOptions): T;
  /** The same below the span of the current context. */
  span<T>(name: string, fn: (span: Span) => T, options?: SpanOptions): T;
  /** Starts a call of a model that must be ended. */
  generation(start: SpanStart & { name?: string }): Span;
  score(score: Score): void;
  /** For the current span and all that starts below it from now on; with `fn`, for what starts in `fn` only. */
  tag(tags: Tags): void;
  tag<T>(tags: Tags, fn: () => T): T;
  /** The W3C header of the current span, if there is one. */
  currentTraceparent(): string | undefined;
  /** Runs `fn` below the span that the header names; a header that is not valid is ignored. */
  withTraceparent<T>(header: string | null | undefined, fn: () => T): T;
  /** Sends what waits. True when all of it arrived before the time was up. Never rejects. */
  flush(options?: { timeoutMs?: number }): Promise<boolean>;
  /** Sends what waits, then records no more. */
  shutdown(options?: { timeoutMs?: number }): Promise<boolean>;
  stats(): Stats;
  /** Tells `onError` of a fault of an instrumentation that records through this tracer. */
  reportFault?(fault: unknown): void;
};
