import type { ContentDialect, SpanType, Tracer } from '../../tracer.ts';
import type { ForgottenCalls } from '../forgotten-calls.ts';
import type { OnFault } from '../guard.ts';
import type { ReplyReader } from '../read/reply-reader.ts';

/** What one method of a provider's API is to us, and how its reply is read. */
export type CallRoute = {
  name: string;
  type: SpanType;
  dialect: ContentDialect;
  openReader(): ReplyReader;
};

/** What an app may say when it wraps a client. */
export type WrapOptions = {
  /** The tracer of `init` when absent, which is looked up at every call. */
  tracer?: Tracer;
  /** The provider's name on the spans; otherwise told from the address of the client. */
  provider?: string;
  /**
   * Sends the ids of our span along as a `traceparent` header, so that a gateway joins its record to it. Otherwise done
   * unless the client talks to OpenAI, Anthropic, Google or Azure directly.
   */
  propagate?: boolean;
  /**
   * Asks for the figures of streamed chat completions (`stream_options.include_usage`) where the app does not, and hides
   * the chunk that brings them. Off unless set, since it changes what is sent.
   */
  streamUsage?: boolean;
  /** Is told of faults of tracing, which never reach the app. */
  onError?: OnFault;
};

/** All that the wrapping of one client needs. */
export type ClientSetup = {
  tracer: Tracer;
  onFault: OnFault;
  forgotten: ForgottenCalls;
  options: WrapOptions;
  routes: ReadonlyMap<string, CallRoute>;
  /** The same calls by the name of their method, for an object that only looks like a client. */
  methods: ReadonlyMap<string, CallRoute>;
  /** The provider whose own client this is. */
  home: string;
};
