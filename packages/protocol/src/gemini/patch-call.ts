import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { isForeignSeal } from './seals.ts';
import { isGemini3, isInvented } from './wire.ts';
import { words } from './words.ts';
import { sealCalls } from './write-message.ts';

type Patching = { model: string; losses: Losses };

/**
 * A body as it came, without what only we put into it: the model and the wish to stream, which the path says; the ids of
 * calls that we made up; and the signatures of other makers, which callers got from us and bring back.
 */
export function patchCall(wire: JsonObject, patching: Patching): JsonObject {
  const { model: _, stream: __, ...body } = wire;
  if (!Array.isArray(body.contents)) return body;
  return { ...body, contents: body.contents.map((content) => patchContent(content, patching)) };
}

function patchContent(content: Json, patching: Patching): Json {
  if (!isObject(content) || !Array.isArray(content.parts)) return content;
  const parts = content.parts.flatMap((part): Json[] =>
    isObject(part) ? patchPart(part, patching.losses) : [part],
  );
  if (content.role === 'model' && isGemini3(patching.model)) sealCalls(parts);
  return { ...content, parts };
}

/** Thinking of another maker goes with its signature. */
function patchPart(part: JsonObject, losses: Losses): JsonObject[] {
  let patched = part;
  for (const key of ['thoughtSignature', 'thought_signature']) {
    const seal = part[key];
    if (typeof seal !== 'string' || !isForeignSeal(seal)) continue;
    losses.add(words.thinkingPart, 'unsupported');
    if (part.thought === true) return [];
    patched = { ...patched };
    delete patched[key];
  }
  for (const key of ['functionCall', 'function_call', 'functionResponse', 'function_response']) {
    const value = patched[key];
    if (!isObject(value) || typeof value.id !== 'string' || !isInvented(value.id)) continue;
    const { id: _, ...rest } = value;
    patched = { ...patched, [key]: rest };
  }
  return [patched];
}
