import { badReply } from '../bad-reply.ts';
import type { AssistantPart, TextPart, ThinkingPart } from '../call.ts';
import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import type { Signature } from '../signature.ts';
import { tellUsage } from '../tell-usage.ts';
import { readCitations } from './citations.ts';
import { readErrorBody } from './errors.ts';
import { readSeal, settleSeals } from './seals.ts';
import { readStop } from './stops.ts';
import { readBilling, readUsage } from './usage.ts';
import { ID, MAKER, readInput } from './wire.ts';

/** A whole message as events. */
export function readReply(body: Json): Event[] {
  if (!isObject(body)) throw badReply('is not an object');
  if (body.type === 'error') throw readErrorBody(body);
  if (!Array.isArray(body.content)) throw badReply('has no content');
  const parts = body.content.map((block) => {
    if (!isObject(block)) throw badReply('has a block that is not an object');
    return readBlock(block);
  });
  const events: Event[] = [{ type: 'reply-start', id: textOf(body.id), model: textOf(body.model) }];
  for (const [index, part] of settleSeals(parts).entries()) events.push(...explodePart(part, index));
  if (isObject(body.usage)) events.push(usageEvent(body.usage));
  events.push(endEvent(body));
  return events;
}

/** One finished block as a part. */
export function readBlock(block: JsonObject): AssistantPart {
  switch (block.type) {
    case 'text': {
      const part: TextPart = { kind: 'text', text: textOf(block.text) };
      const citations = readCitations(block.citations);
      return citations === undefined ? part : { ...part, citations };
    }
    case 'thinking': {
      const signature = textOf(block.signature);
      const part: ThinkingPart = { kind: 'thinking', text: textOf(block.thinking) };
      return signature === '' ? part : { ...part, signature: readSeal(signature) };
    }
    case 'redacted_thinking': {
      const signature = readRedacted(block);
      return signature === undefined ? opaque(block) : { kind: 'thinking', text: '', signature };
    }
    case 'tool_use':
      return {
        kind: 'tool-call',
        id: textOf(block.id),
        name: textOf(block.name),
        input: readInput(block.input),
      };
    default:
      return opaque(block);
  }
}

/** The encrypted thinking of a block, if that is what it holds. */
export function readRedacted({ data }: JsonObject): Signature | undefined {
  return typeof data === 'string' && data !== ''
    ? { maker: MAKER, value: data, isRedacted: true }
    : undefined;
}

function opaque(value: JsonObject): AssistantPart {
  return { kind: 'opaque', dialect: ID, value };
}

export function usageEvent(wire: JsonObject): Event {
  return tellUsage({ ...readUsage(wire), billing: readBilling(wire) });
}

/** `wire` is a message or the delta that ends one. */
export function endEvent(wire: JsonObject): Event {
  const rawStop = textOf(wire.stop_reason);
  const stopSequence = textOf(wire.stop_sequence);
  const end: Event = { type: 'reply-end', stop: readStop(rawStop) };
  if (rawStop !== '') end.rawStop = rawStop;
  if (stopSequence !== '') end.stopSequence = stopSequence;
  return end;
}
