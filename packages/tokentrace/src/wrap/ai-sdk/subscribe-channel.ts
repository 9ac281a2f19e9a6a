import type { Span } from '../../tracer.ts';
import { guard, type OnFault } from '../guard.ts';
import type { AiSdkSpans, ChannelMessage } from './open-ai-sdk-spans.ts';

const NAME = 'ai:telemetry';

/** What a channel asks of a store: to run something with a value. A span can do that. */
type Store = { run(span: Span | undefined, body: () => unknown): unknown };

/** The parts of `node:diagnostics_channel` that are needed. */
export type DiagnosticsChannel = {
  tracingChannel?: (name: string) => {
    start: {
      bindStore(store: Store, transform: (message: ChannelMessage) => Span | undefined): void;
      unbindStore(store: Store): boolean;
    };
    subscribe(subscribers: { asyncEnd(message: ChannelMessage): void }): void;
    unsubscribe(subscribers: { asyncEnd(message: ChannelMessage): void }): boolean;
  };
};

/**
 * Listens to the AI SDK's channel. What runs below a message runs below its span, so that the calls of a tool, other
 * traced clients among them, find their parent. Gives back what ends it.
 */
export function subscribeChannel(
  module: DiagnosticsChannel | undefined,
  spans: AiSdkSpans,
  onFault: OnFault,
): () => void {
  const channel = guard(onFault, () => module?.tracingChannel?.(NAME));
  if (!channel) return () => {};
  const store: Store = { run: (span, body) => (span ? span.run(body) : body()) };
  const subscribers = { asyncEnd: spans.end };
  guard(onFault, () => {
    channel.start.bindStore(store, spans.start);
    channel.subscribe(subscribers);
  });
  return () => {
    guard(onFault, () => {
      channel.start.unbindStore(store);
      channel.unsubscribe(subscribers);
    });
  };
}
