import type { AssistantPart, Call } from '../call.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { isOwn, isSendable } from './citations.ts';
import { isForeign, readSeal } from './seals.ts';

/**
 * The body of a call that came in this dialect, less the seals and citations of other makers that we gave its caller:
 * Anthropic refuses them. A body without any is returned as it is.
 */
export function dropForeign(body: JsonObject, call: Call, losses: Losses): JsonObject {
  const hasForeign = call.messages.some(
    ({ role, parts }) => role === 'assistant' && parts.some((part) => isForeignPart(part)),
  );
  if (!hasForeign || !Array.isArray(body.messages)) return body;
  const { thinkingPart, citations } = wordsOf(call);
  const told = {
    seal: () => losses.add(thinkingPart, 'unsupported'),
    citation: () => losses.add(citations, 'unsupported'),
  };
  return { ...body, messages: body.messages.flatMap((message) => cleaned(message, told)) };
}

type Told = { seal(): void; citation(): void };

function isForeignPart(part: AssistantPart): boolean {
  if ('signature' in part && isForeign(part.signature)) return true;
  return part.kind === 'text' && part.citations?.some((citation) => !isSendable(citation)) === true;
}

/** A turn that held nothing else is left out, as an empty one is refused. */
function cleaned(message: Json, told: Told): Json[] {
  if (!isObject(message) || message.role !== 'assistant' || !Array.isArray(message.content)) return [message];
  const content = message.content.flatMap((block) => cleanedBlock(block, told));
  return content.length === 0 && message.content.length > 0 ? [] : [{ ...message, content }];
}

function cleanedBlock(block: Json, told: Told): Json[] {
  if (!isObject(block)) return [block];
  if (block.type === 'thinking' && typeof block.signature === 'string') {
    if (!isForeign(readSeal(block.signature))) return [block];
    told.seal();
    return [];
  }
  const { citations, ...rest } = block;
  if (block.type !== 'text' || !Array.isArray(citations) || citations.every(isOwn)) return [block];
  told.citation();
  const own = citations.filter(isOwn);
  return [own.length === 0 ? rest : { ...rest, citations: own }];
}
