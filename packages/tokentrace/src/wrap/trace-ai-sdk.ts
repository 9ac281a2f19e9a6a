import { defaultTracer } from '../default-tracer.ts';
import { findBuiltin } from '../host-runtime.ts';
import type { Tracer } from '../tracer.ts';
import { openAiSdkSpans } from './ai-sdk/open-ai-sdk-spans.ts';
import { openObjectSpans } from './ai-sdk/open-object-spans.ts';
import { subscribeChannel } from './ai-sdk/subscribe-channel.ts';
import { subscribeIntegration } from './ai-sdk/subscribe-integration.ts';
import type { OnFault } from './guard.ts';

export type AiSdkOptions = {
  /** The tracer of `init` when absent. */
  tracer?: Tracer;
  /** Is told of faults of tracing, which never reach the app. */
  onError?: OnFault;
};

/**
 * Traces every call of the Vercel AI SDK (`ai` 7) in this process, without a change to the code that makes them: it
 * listens to the SDK's own channel `ai:telemetry` and to its global integrations. Gives back what ends it. Needs a runtime
 * with `node:diagnostics_channel` (Node, Bun, Deno); elsewhere only calls that make objects are seen.
 */
export function traceAiSdk({
  tracer = defaultTracer(),
  onError = (fault) => tracer.reportFault?.(fault),
}: AiSdkOptions = {}): () => void {
  const spans = openAiSdkSpans(tracer, onError);
  const leave = [
    subscribeChannel(findBuiltin('node:diagnostics_channel'), spans, onError),
    subscribeIntegration(spans, openObjectSpans(tracer, onError), onError),
  ];
  return () => {
    for (const end of leave) end();
  };
}
