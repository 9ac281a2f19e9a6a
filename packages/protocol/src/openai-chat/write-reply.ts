import type { AssistantPart, TextPart } from '../call.ts';
import type { ReplyFacts } from '../dialect.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Reply } from '../reply.ts';
import { writeAnnotations, writeSources } from './citations.ts';
import { writeGoogleSeal } from './google-seal.ts';
import { writeLogprobs } from './logprobs.ts';
import { isAudio, writeAudio, writeImage } from './media.ts';
import { writeDetails } from './reasoning-details.ts';
import { writeStop } from './stops.ts';
import { writeTier, writeUsage } from './usage.ts';
import { ID } from './wire.ts';

/** A whole chat completion. Parts that only another dialect understands are left out. */
export function writeReply(reply: Reply, facts: ReplyFacts = {}): JsonObject {
  const createdS = facts.createdS ?? 0;
  const texts = reply.parts.filter((part) => part.kind === 'text');
  const logprobs = texts.flatMap((part) => part.logprobs ?? []);
  const body: JsonObject = {
    id: reply.id,
    object: 'chat.completion',
    created: createdS,
    model: reply.model,
    choices: [
      {
        index: 0,
        message: writeMessage(reply.parts, texts, createdS),
        logprobs: logprobs.length === 0 ? null : writeLogprobs(logprobs),
        finish_reason: writeStop(reply.stop, reply.rawStop),
      },
    ],
  };
  const usage = writeUsage(reply.usage);
  if (usage !== undefined) body.usage = usage;
  return Object.assign(
    body,
    writeTier(reply.serviceTier),
    writeSources(texts.flatMap((part) => part.citations ?? [])),
  );
}

function writeMessage(parts: AssistantPart[], texts: TextPart[], createdS: number): JsonObject {
  const thoughts = parts.filter((part) => part.kind === 'thinking');
  const media = parts.filter((part) => part.kind === 'media');
  const text = joined(texts);
  const thinking = joined(thoughts);
  const refusal = joined(parts.filter((part) => part.kind === 'refusal'));
  const calls = parts.flatMap(writeCall);
  const audio = media.find(isAudio);
  const isSilent = text === '' && (calls.length > 0 || refusal !== '' || audio !== undefined);
  const message: JsonObject = {
    role: 'assistant',
    content: isSilent ? null : text,
    refusal: refusal === '' ? null : refusal,
  };
  if (thinking !== '') message.reasoning_content = thinking;
  const details = writeDetails(thoughts);
  if (details !== undefined) message.reasoning_details = details;
  const annotations = annotationsOf(texts);
  if (annotations.length > 0) message.annotations = annotations;
  const images = parts.flatMap(writeImages);
  if (images.length > 0) message.images = images;
  if (calls.length > 0) message.tool_calls = calls;
  if (audio !== undefined) message.audio = writeAudio(audio, createdS);
  const seal = texts.findLast((part) => part.signature !== undefined)?.signature;
  if (seal !== undefined) message.extra_content = writeGoogleSeal(seal);
  return message;
}

/** The annotations of texts that follow each other in one content. */
export function annotationsOf(texts: readonly TextPart[]): Json[] {
  let before = 0;
  return texts.flatMap(({ text, citations = [] }) => {
    const annotations = writeAnnotations(citations, text.length, before);
    before += text.length;
    return annotations;
  });
}

/** A custom tool's call is kept as it came. */
function writeCall(part: AssistantPart): Json[] {
  if (part.kind === 'opaque')
    return part.dialect === ID && imagesOf(part.value) === undefined ? [part.value] : [];
  if (part.kind !== 'tool-call') return [];
  const { id, name, input, signature } = part;
  const call: JsonObject = { id, type: 'function', function: { name, arguments: input } };
  if (signature !== undefined) call.extra_content = writeGoogleSeal(signature);
  return [call];
}

export function writeImages(part: AssistantPart): Json[] {
  if (part.kind === 'media') return part.mediaType.startsWith('image/') ? [writeImage(part)] : [];
  return part.kind === 'opaque' && part.dialect === ID ? (imagesOf(part.value) ?? []) : [];
}

/** Images that came in the message's own list, and hold no data. */
export function imagesOf(value: Json): Json[] | undefined {
  return isObject(value) && Array.isArray(value.images) ? value.images : undefined;
}

function joined(parts: readonly { text: string }[]): string {
  let text = '';
  for (const part of parts) text += part.text;
  return text;
}
