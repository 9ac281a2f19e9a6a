import type { AssistantPart } from '../call.ts';
import { GatewayError } from '../error.ts';
import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { readErrorBody } from './errors.ts';
import { readStop } from './stops.ts';
import { readUsage } from './usage.ts';
import { ID, thinkingOf } from './wire.ts';

/** A piece of what the model said aloud or to itself. */
export type Piece = { kind: 'text' | 'thinking'; text: string };

/** A whole chat completion as events; its first choice, when there are several. */
export function readReply(body: Json): Event[] {
  if (!isObject(body)) throw bad('is not an object');
  if (isObject(body.error)) throw readErrorBody(body);
  const choice = Array.isArray(body.choices) ? body.choices[0] : undefined;
  if (!isObject(choice) || !isObject(choice.message)) throw bad('has no choices');
  const id = textOf(body.id);
  const { message } = choice;
  const parts = readParts(message, id);
  const events: Event[] = [{ type: 'reply-start', id, model: textOf(body.model) }];
  for (const [index, part] of parts.entries()) events.push(...explodePart(part, index));
  if (isObject(body.usage)) events.push(usageEvent(body.usage));
  const rawStop = textOf(choice.finish_reason);
  const has = {
    toolCalls: parts.some((part) => part.kind === 'tool-call'),
    refusal: textOf(message.refusal) !== '',
  };
  events.push(
    rawStop === ''
      ? { type: 'reply-end', stop: 'other' }
      : { type: 'reply-end', stop: readStop(rawStop, has), rawStop },
  );
  return events;
}

export function usageEvent(wire: JsonObject): Event {
  const { usage, estimated } = readUsage(wire);
  return estimated ? { type: 'usage', usage, estimated } : { type: 'usage', usage };
}

function readParts(message: JsonObject, replyId: string): AssistantPart[] {
  const parts: AssistantPart[] = [];
  const thinking = thinkingOf(message);
  if (thinking !== '') parts.push({ kind: 'thinking', text: thinking });
  for (const piece of piecesOf(message.content)) parts.push({ kind: piece.kind, text: piece.text });
  const refusal = textOf(message.refusal);
  if (refusal !== '') parts.push({ kind: 'text', text: refusal });
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  for (const [place, call] of calls.entries()) {
    if (isObject(call)) parts.push(readToolCall(call, `call_${replyId}_${place}`));
  }
  if (isObject(message.function_call)) {
    parts.push(readToolCall({ function: message.function_call }, `call_${replyId}_0`));
  }
  return parts;
}

function readToolCall(call: JsonObject, fallbackId: string): AssistantPart {
  if (!isObject(call.function)) return { kind: 'opaque', dialect: ID, value: call };
  const id = textOf(call.id) || fallbackId;
  const { name, arguments: input } = call.function;
  return {
    kind: 'tool-call',
    id,
    name: textOf(name),
    input: typeof input === 'string' ? input : JSON.stringify(input ?? {}),
  };
}

/** Content is a string; Mistral's thinking models give a list of text and thinking pieces. */
export function piecesOf(content: Json | undefined): Piece[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.filter(isObject).flatMap(readPiece);
}

function readPiece(piece: JsonObject): Piece[] {
  if (piece.type !== 'thinking') return piecesOf(textOf(piece.text));
  const inner = piecesOf(Array.isArray(piece.thinking) ? piece.thinking : textOf(piece.thinking));
  const text = inner.map((part) => part.text).join('');
  return text === '' ? [] : [{ kind: 'thinking', text }];
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function bad(what: string): GatewayError {
  return new GatewayError('provider_bad_response', `The provider's reply ${what}.`);
}
