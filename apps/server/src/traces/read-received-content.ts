import type { Json } from '@app/protocol';
import type { FoundSpan } from '@app/store';
import { mapContent, readStoredSpan } from '@app/tracing';
import { readSentReply } from './read-sent-reply.ts';

/** What was asked and answered, and in the shape of which dialect. */
type Content = Pick<FoundSpan, 'request' | 'reply'> & { dialect: string };

/**
 * What was asked and answered with a span: what is stored as that, a provider's reply in the form of our own; or for a span of OpenTelemetry what its attributes say, which
 * are stored as they came.
 */
export function readReceivedContent({ span, billed, request, reply, attributes }: FoundSpan): Content {
  const isSent = span.source === 'sdk' || span.source === 'langfuse';
  const shown = isSent ? (readSentReply(span.dialect, reply as Json) as FoundSpan['reply']) : reply;
  const stored = { dialect: span.dialect, request, reply: shown };
  if (span.source !== 'otlp' || span.capture === 'metadata' || request !== null || reply !== null) {
    return stored;
  }
  const startedAtMs = Number(BigInt(billed.startedNanos)) / 1e6;
  const place = {
    traceId: span.trace_id,
    spanId: span.span_id,
    parentSpanId: span.parent_span_id ?? '',
    startedAtMs,
    endedAtMs: startedAtMs + span.duration_ms,
  };
  const received = readStoredSpan(place, attributes);
  if (received === undefined || !isReadable(received.attributes)) return stored;
  const content = mapContent(received);
  return {
    dialect: span.dialect || content.dialect,
    request: content.request as FoundSpan['request'],
    reply: content.reply as FoundSpan['reply'],
  };
}

/** Content is read on the thread that serves calls: so many objects take it a fifth of a second. */
const OBJECTS_MAX = 30_000;

/** Texts of megabytes are read at once; what takes long is what is in many pieces. The attributes are shown in any case. */
function isReadable(value: Json): boolean {
  let objects = 0;
  const count = (each: Json | undefined): boolean => {
    if (typeof each === 'string') {
      for (let at = each.indexOf('{'); at >= 0 && objects <= OBJECTS_MAX; at = each.indexOf('{', at + 1)) {
        objects += 1;
      }
    } else if (typeof each === 'object' && each !== null) {
      objects += 1;
      for (const inner of Object.values(each)) if (!count(inner)) return false;
    }
    return objects <= OBJECTS_MAX;
  };
  return count(value);
}
