import { guard, type OnFault } from '../guard.ts';
import { objectOf } from '../read/wire-value.ts';
import type { AiSdkSpans } from './open-ai-sdk-spans.ts';
import type { ObjectSpans } from './open-object-spans.ts';

/** Where the AI SDK keeps the integrations of all calls (`registerTelemetry` adds to it). */
type Registry = { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown[] };

/** Adds what the channel does not tell: the ends of streamed replies, and calls that make objects. */
export function subscribeIntegration(spans: AiSdkSpans, objects: ObjectSpans, onFault: OnFault): () => void {
  const stopped = (event: unknown, error: unknown): void => {
    spans.stopped(event, error);
    objects.stopped(event, error);
  };
  const integration = {
    onLanguageModelCallEnd: spans.callEnded,
    onStart: objects.started,
    onObjectStepStart: objects.callStarted,
    onObjectStepEnd: objects.callEnded,
    onEnd: objects.ended,
    onAbort: (event: unknown) => stopped(event, { name: 'AbortError' }),
    onError: (event: unknown) => stopped(event, objectOf(event).error ?? 'failed'),
  };
  const registry = globalThis as Registry;
  guard(onFault, () => {
    registry.AI_SDK_TELEMETRY_INTEGRATIONS = [...(registry.AI_SDK_TELEMETRY_INTEGRATIONS ?? []), integration];
  });
  return () => {
    guard(onFault, () => {
      const others = registry.AI_SDK_TELEMETRY_INTEGRATIONS?.filter((one) => one !== integration);
      if (others) registry.AI_SDK_TELEMETRY_INTEGRATIONS = others;
    });
  };
}
