import type { Span, SpanFields, Tracer } from '../../tracer.ts';
import { closeSpan } from '../close-span.ts';
import { guard, type OnFault } from '../guard.ts';
import { openHeld } from '../held.ts';
import { numberIn, objectOf, textIn } from '../read/wire-value.ts';
import { fieldsOfCallEnd, fieldsOfResult } from './fields-of-result.ts';
import { callIdOf } from './open-object-spans.ts';
import { spanOfEvent } from './span-of-event.ts';

/** A message of the channel, the same object from its start to its end. */
export type ChannelMessage = { type?: unknown; event?: unknown; result?: unknown; error?: unknown };

export type AiSdkSpans = {
  /** Begins the span of a message. Undefined when it has none. */
  start(message: ChannelMessage): Span | undefined;
  /** What the message stands for is over, well or not. */
  end(message: ChannelMessage): void;
  /** The SDK has read a reply of a model to its end. */
  callEnded(event: unknown): void;
  /** A whole operation was given up or failed. */
  stopped(event: unknown, error: unknown): void;
};

/** A call of a model whose request is over and whose reply the SDK may still be reading. */
type Waiting = { span: Span; fields: SpanFields };

/** The spans of the AI SDK while they last. */
export function openAiSdkSpans(tracer: Tracer, onFault: OnFault): AiSdkSpans {
  const spans = new WeakMap<ChannelMessage, Span>();
  const waiting = openHeld<Waiting>();

  /** When nobody tells how the reply ended, as when an app has replaced the integrations, what is known is sent. */
  function release(callId: string, error?: unknown): void {
    const held = waiting.take(callId);
    if (held) guard(onFault, () => closeSpan(held.span, held.fields, error));
  }

  function end(message: ChannelMessage): void {
    const span = spans.get(message);
    const type = String(message.type);
    const callId = callIdOf(message.event);
    if (RELEASES.has(type)) release(callId, message.error);
    if (!span) return;
    const fields = guard(onFault, () => fieldsOfResult(type, message.result)) ?? {};
    const isRead = message.error !== undefined || (message.result !== undefined && fields.stream !== true);
    if (type === 'languageModelCall' && !isRead) waiting.put(callId, { span, fields });
    else closeSpan(span, fields, message.error ?? failureOfTool(type, message.result));
  }

  return {
    start(message) {
      const type = textIn(message.type);
      if (type === undefined) return undefined;
      const span = guard(onFault, () => tracer.startSpan(spanOfEvent(type, message.event)));
      if (span) spans.set(message, span);
      return span;
    },
    end: (message) => {
      guard(onFault, () => end(message));
    },
    callEnded(event) {
      const held = waiting.take(callIdOf(event));
      if (!held) return;
      const ttftMs = numberIn(objectOf(objectOf(event).performance).timeToFirstOutputMs);
      const timed = ttftMs === undefined ? {} : { ttftMs, stream: true };
      guard(onFault, () =>
        closeSpan(held.span, { ...held.fields, ...fieldsOfCallEnd(event), ...timed }, undefined),
      );
    },
    stopped: (event, error) => release(callIdOf(event), error),
  };
}

const RELEASES: ReadonlySet<string> = new Set(['step', 'streamText', 'generateText']);

/** The SDK hands the fault of a tool to the model and goes on. */
function failureOfTool(type: string, result: unknown): unknown {
  const output = objectOf(objectOf(result).output);
  return type === 'executeTool' && output.type === 'tool-error' ? (output.error ?? 'failed') : undefined;
}
