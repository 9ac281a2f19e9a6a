import { append } from '../append.ts';
import { badReply } from '../bad-reply.ts';
import type { AssistantPart } from '../call.ts';
import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import type { Signature } from '../signature.ts';
import { readFailure } from './errors.ts';
import { readItem } from './read-item.ts';
import { rawStopOf, readStop } from './stops.ts';
import { usageEvents } from './usage.ts';

/** A whole response as events. */
export function readReply(body: Json): Event[] {
  if (!isObject(body)) throw badReply('is not an object');
  if (isObject(body.error)) throw readFailure(body);
  if (!Array.isArray(body.output)) throw badReply('has no output');
  if (body.status === 'failed') throw badReply('failed without saying why');
  const id = textOf(body.id);
  const parts = readOutput(body.output, id);
  const events: Event[] = [{ type: 'reply-start', id, model: textOf(body.model) }];
  for (const [index, part] of parts.entries()) events.push(...explodePart(part, index));
  const has = {
    toolCalls: parts.some((part) => part.kind === 'tool-call'),
    refusal: parts.some((part) => part.kind === 'refusal'),
  };
  events.push(...usageEvents(body), endEvent(body, has));
  return events;
}

/** The parts of all items. A seal belongs to the part before it. */
export function readOutput(output: readonly Json[], replyId: string): AssistantPart[] {
  const parts: AssistantPart[] = [];
  for (const [place, item] of output.entries()) {
    if (!isObject(item)) continue;
    const read = readItem(item, `call_${replyId}_${place}`);
    if (read.seal !== undefined) sealPart(parts.at(-1), read.seal);
    append(parts, read.parts);
  }
  return parts;
}

/** Thinking has its seal in its own item. */
export function sealPart(part: AssistantPart | undefined, seal: Signature): void {
  if (part?.kind === 'text' || part?.kind === 'tool-call' || part?.kind === 'media') part.signature = seal;
}

export function endEvent(response: JsonObject, has: { toolCalls: boolean; refusal: boolean }): Event {
  const rawStop = rawStopOf(response);
  const stop = readStop(rawStop, has);
  return rawStop === '' ? { type: 'reply-end', stop } : { type: 'reply-end', stop, rawStop };
}
