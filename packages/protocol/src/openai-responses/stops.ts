import type { StopReason } from '../event.ts';
import { isObject, type JsonObject, textOf } from '../json.ts';

/** The reason of a reply that is not complete, or else its status. */
const READ: ReadonlyMap<string, StopReason> = new Map([
  ['completed', 'end'],
  ['max_output_tokens', 'length'],
  ['content_filter', 'refusal'],
  ['cancelled', 'other'],
]);

const WRITE: Record<StopReason, string> = {
  end: 'completed',
  length: 'max_output_tokens',
  'tool-calls': 'completed',
  'stop-sequence': 'completed',
  refusal: 'content_filter',
  pause: 'completed',
  other: 'completed',
};

/** The wire's own word for why a reply stopped; empty when it has none. */
export function rawStopOf(response: JsonObject): string {
  const { incomplete_details: details, status } = response;
  const reason = isObject(details) ? textOf(details.reason) : '';
  return reason === '' ? textOf(status) : reason;
}

/** A call of a tool and a refusal in words both end in `completed`. Some servers leave the status out. */
export function readStop(raw: string, has: { toolCalls: boolean; refusal: boolean }): StopReason {
  const word = raw === '' ? 'completed' : raw;
  if (word === 'completed' && has.refusal) return 'refusal';
  if (word === 'completed' && has.toolCalls) return 'tool-calls';
  return READ.get(word) ?? 'other';
}

/** The provider's own word is kept when it is one of this dialect; a refusal in words is a complete reply. */
export function writeStop(
  { stop, rawStop }: { stop: StopReason; rawStop?: string },
  hasRefusal: boolean,
): JsonObject {
  const isSpoken = stop === 'refusal' && hasRefusal;
  const word = rawStop !== undefined && READ.has(rawStop) ? rawStop : isSpoken ? 'completed' : WRITE[stop];
  if (word === 'max_output_tokens' || word === 'content_filter')
    return { status: 'incomplete', incomplete_details: { reason: word } };
  return { status: word, incomplete_details: null };
}
