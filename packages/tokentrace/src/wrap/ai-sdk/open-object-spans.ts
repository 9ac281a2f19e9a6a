import type { Span, SpanStart, Tracer } from '../../tracer.ts';
import { closeSpan } from '../close-span.ts';
import { guard, type OnFault } from '../guard.ts';
import { openHeld } from '../held.ts';
import { numberIn, objectOf, textIn } from '../read/wire-value.ts';
import { fieldsOfObjectEnd } from './fields-of-result.ts';
import { spanOfEvent, spanOfObject } from './span-of-event.ts';

/** The spans of `generateObject` and `streamObject`, which only integrations are told of. */
export type ObjectSpans = {
  started(event: unknown): void;
  callStarted(event: unknown): void;
  callEnded(event: unknown): void;
  ended(event: unknown): void;
  /** The whole operation was given up or failed. */
  stopped(event: unknown, error: unknown): void;
};

export function openObjectSpans(tracer: Tracer, onFault: OnFault): ObjectSpans {
  const roots = openHeld<Span>();
  const calls = openHeld<Span>();
  const start = (make: () => SpanStart & { name: string }) => guard(onFault, () => tracer.startSpan(make()));

  return {
    started(event) {
      const isObject = /Object$/.test(textIn(objectOf(event).operationId) ?? '');
      const span = isObject ? start(() => spanOfObject(event)) : undefined;
      if (span) roots.put(callIdOf(event), span);
    },
    callStarted(event) {
      const root = roots.get(callIdOf(event));
      const span = start(() => ({
        ...spanOfEvent('languageModelCall', event),
        ...(root && { parent: root }),
      }));
      if (span) calls.put(callIdOf(event), span);
    },
    callEnded(event) {
      const span = calls.take(callIdOf(event));
      const ttftMs = numberIn(objectOf(event).msToFirstChunk);
      const timed = ttftMs === undefined ? {} : { ttftMs, stream: true };
      if (span) guard(onFault, () => closeSpan(span, { ...fieldsOfObjectEnd(event), ...timed }, undefined));
    },
    ended(event) {
      const span = roots.take(callIdOf(event));
      const { object, error } = objectOf(event);
      if (span) guard(onFault, () => closeSpan(span, { output: object }, error));
    },
    stopped(event, error) {
      for (const held of [calls, roots]) {
        const span = held.take(callIdOf(event));
        if (span) guard(onFault, () => closeSpan(span, {}, error));
      }
    },
  };
}

/** Which events are of one operation. */
export function callIdOf(event: unknown): string {
  return textIn(objectOf(event).callId) ?? '';
}
