import { append } from '../append.ts';
import { badReply } from '../bad-reply.ts';
import type { AssistantPart, TextPart } from '../call.ts';
import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import type { Signature } from '../signature.ts';
import { tellUsage } from '../tell-usage.ts';
import { cite, sourcesOf } from './citations.ts';
import { readErrorBody } from './errors.ts';
import { readGoogleSeal } from './google-seal.ts';
import { readLogprobs } from './logprobs.ts';
import { readAudio, readImage } from './media.ts';
import { readThoughts } from './reasoning-details.ts';
import { readStop } from './stops.ts';
import { readTier, readToolUses, readUsage } from './usage.ts';
import { ID } from './wire.ts';

/** A piece of what the model said aloud or to itself. */
export type Piece = { kind: 'text' | 'thinking'; text: string };

/** A whole chat completion as events; its first choice, when there are several. */
export function readReply(body: Json): Event[] {
  if (!isObject(body)) throw badReply('is not an object');
  if (isObject(body.error)) throw readErrorBody(body);
  const choice = Array.isArray(body.choices) ? body.choices[0] : undefined;
  if (!isObject(choice) || !isObject(choice.message)) throw badReply('has no choices');
  const id = textOf(body.id);
  const { message } = choice;
  const parts = readParts(body, { choice, message, replyId: id });
  const events: Event[] = [{ type: 'reply-start', id, model: textOf(body.model) }];
  for (const [index, part] of parts.entries()) events.push(...explodePart(part, index));
  const usage = usageEvent(body.usage, readTier(body.service_tier));
  if (usage !== undefined) events.push(usage);
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

/** Undefined when neither figures nor a queue are told. */
export function usageEvent(wire: Json | undefined, serviceTier: string): Event | undefined {
  if (!isObject(wire) && serviceTier === '') return undefined;
  const stated = isObject(wire) ? wire : {};
  return tellUsage({ ...readUsage(stated), billing: { serviceTier, toolUses: readToolUses(stated) } });
}

type Said = { choice: JsonObject; message: JsonObject; replyId: string };

function readParts(body: JsonObject, { choice, message, replyId }: Said): AssistantPart[] {
  const { parts: thoughts, toolSeals } = readThoughts(message);
  const parts: AssistantPart[] = [...thoughts];
  for (const piece of piecesOf(message.content)) parts.push({ kind: piece.kind, text: piece.text });
  readBeside(parts, body, { choice, message });
  const refusal = textOf(message.refusal);
  if (refusal !== '') parts.push({ kind: 'refusal', text: refusal });
  if (Array.isArray(message.images)) append(parts, message.images.map(readImage));
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  for (const [place, call] of calls.entries()) {
    if (isObject(call)) parts.push(readToolCall(call, `call_${replyId}_${place}`, toolSeals));
  }
  if (isObject(message.function_call)) {
    parts.push(readToolCall({ function: message.function_call }, `call_${replyId}_0`, toolSeals));
  }
  if (isObject(message.audio)) parts.push(readAudio(message.audio));
  return parts;
}

/** What the wire says beside the content is the text's: its sources, its tokens, its seal. */
function readBeside(
  parts: AssistantPart[],
  body: JsonObject,
  { choice, message }: Omit<Said, 'replyId'>,
): void {
  const annotations = Array.isArray(message.annotations) ? message.annotations : [];
  const sources = sourcesOf(body);
  const seal = readGoogleSeal(message);
  const logprobs = readLogprobs(choice.logprobs);
  if (annotations.length === 0 && sources === undefined && seal === undefined && logprobs === undefined)
    return;
  const texts = parts.filter((part) => part.kind === 'text');
  if (texts.length === 0) {
    const text: TextPart = { kind: 'text', text: '' };
    texts.push(text);
    parts.push(text);
  }
  cite(texts, annotations, sources);
  const [first] = texts;
  const last = texts.at(-1);
  if (first !== undefined && logprobs !== undefined) first.logprobs = logprobs;
  if (last !== undefined && seal !== undefined) last.signature = seal;
}

function readToolCall(
  call: JsonObject,
  fallbackId: string,
  seals: ReadonlyMap<string, Signature>,
): AssistantPart {
  if (!isObject(call.function)) return { kind: 'opaque', dialect: ID, value: call };
  const id = textOf(call.id) || fallbackId;
  const { name, arguments: input } = call.function;
  const signature = readGoogleSeal(call) ?? seals.get(id);
  return {
    kind: 'tool-call',
    id,
    name: textOf(name),
    input: typeof input === 'string' ? input : JSON.stringify(input ?? {}),
    ...(signature === undefined ? {} : { signature }),
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
