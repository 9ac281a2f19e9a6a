import type { AssistantPart } from '../call.ts';
import { GatewayError } from '../error.ts';
import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { readSignature } from '../signature.ts';
import { readErrorBody } from './errors.ts';
import { readStop } from './stops.ts';
import { readUsage } from './usage.ts';
import { ID, MAKER, readInput } from './wire.ts';

/** A whole message as events. */
export function readReply(body: Json): Event[] {
  if (!isObject(body)) throw bad('is not an object');
  if (body.type === 'error') throw readErrorBody(body);
  if (!Array.isArray(body.content)) throw bad('has no content');
  const events: Event[] = [{ type: 'reply-start', id: textOf(body.id), model: textOf(body.model) }];
  for (const [index, block] of body.content.entries()) {
    if (!isObject(block)) throw bad('has a block that is not an object');
    events.push(...explodePart(readBlock(block), index));
  }
  if (isObject(body.usage)) events.push(usageEvent(body.usage));
  events.push(endEvent(body));
  return events;
}

/** One finished block as a part. */
export function readBlock(block: JsonObject): AssistantPart {
  switch (block.type) {
    case 'text':
      return { kind: 'text', text: textOf(block.text) };
    case 'thinking': {
      const signature = textOf(block.signature);
      const part = { kind: 'thinking' as const, text: textOf(block.thinking) };
      return signature === '' ? part : { ...part, signature: readSignature(signature, MAKER) };
    }
    case 'tool_use':
      return {
        kind: 'tool-call',
        id: textOf(block.id),
        name: textOf(block.name),
        input: readInput(block.input),
      };
    default:
      return { kind: 'opaque', dialect: ID, value: block };
  }
}

export function usageEvent(wire: JsonObject): Event {
  const { usage, estimated } = readUsage(wire);
  return estimated ? { type: 'usage', usage, estimated } : { type: 'usage', usage };
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

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function bad(what: string): GatewayError {
  return new GatewayError('provider_bad_response', `The provider's reply ${what}.`);
}
