import type { ReplyFacts } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Reply } from '../reply.ts';
import { type Cited, writeCitations } from './citations.ts';
import { writeLogprobs } from './logprobs.ts';
import { blockOfRaw, isOwnStop, writeStop } from './stops.ts';
import { writeUsage } from './usage.ts';
import { withMessage, writePart } from './write-part.ts';

/** A whole `GenerateContentResponse`. */
export function writeReply(reply: Reply, facts: ReplyFacts = {}): JsonObject {
  const block = blockOfRaw(reply.rawStop);
  const message = ownRefusal(reply);
  const body: JsonObject =
    block !== undefined && message !== undefined
      ? { promptFeedback: withMessage({ blockReason: block }, 'blockReasonMessage', message) }
      : { candidates: [withMessage(writeCandidate(reply), 'finishMessage', message ?? '')] };
  const usage = writeUsage(reply.usage, reply.serviceTier);
  if (usage !== undefined) body.usageMetadata = usage;
  body.modelVersion = reply.model;
  body.responseId = facts.id ?? reply.id;
  return body;
}

/** What Gemini itself said of its stop, when the reply is nothing else. */
function ownRefusal({ parts, rawStop }: Reply): string | undefined {
  if (blockOfRaw(rawStop) === undefined && !isOwnStop(rawStop)) return undefined;
  const [first, second] = parts;
  return first?.kind === 'refusal' && second === undefined ? first.text : undefined;
}

function writeCandidate(reply: Reply): JsonObject {
  const parts: JsonObject[] = [];
  const cited: Cited[] = [];
  for (const part of ownRefusal(reply) === undefined ? reply.parts : []) {
    const partIndex = parts.length;
    parts.push(...writePart(part));
    if (part.kind === 'text' && part.citations !== undefined)
      cited.push({ citations: part.citations, text: part.text, partIndex });
  }
  const logprobs = reply.parts.flatMap((part) => (part.kind === 'text' ? (part.logprobs ?? []) : []));
  // The official client takes a content without parts for a broken reply.
  const content = { parts: parts.length === 0 ? [{ text: '' }] : parts, role: 'model' };
  const candidate: JsonObject = {
    content,
    finishReason: writeStop(reply.stop, reply.rawStop),
    index: 0,
    ...writeCitations(cited),
  };
  if (logprobs.length > 0) candidate.logprobsResult = writeLogprobs(logprobs);
  return candidate;
}
