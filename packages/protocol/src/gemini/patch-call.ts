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
  const contents: Json[] = [];
  // From the end, because a stream's thoughts come before the signature that tells whose they are.
  const state: State = { ...patching, isForeign: false };
  for (const content of body.contents.toReversed()) {
    const patched = patchContent(content, state);
    if (patched !== undefined) contents.push(patched);
  }
  return { ...body, contents: contents.toReversed() };
}

type State = Patching & {
  /** What was thought just before is another maker's. */
  isForeign: boolean;
};

/** Undefined when nothing is left of it: Google refuses a content without parts. */
function patchContent(content: Json, state: State): Json | undefined {
  if (!isObject(content) || !Array.isArray(content.parts)) return content;
  const parts = content.parts
    .toReversed()
    .flatMap((part): Json[] => (isObject(part) ? patchPart(part, state) : [part]));
  if (parts.length === 0 && content.parts.length > 0) return undefined;
  parts.reverse();
  if (content.role === 'model' && isGemini3(state.model)) sealCalls(parts);
  return { ...content, parts };
}

/** Thinking of another maker goes with its signature. */
function patchPart(part: JsonObject, state: State): JsonObject[] {
  const seal = part.thoughtSignature ?? part.thought_signature;
  const hasForeign = typeof seal === 'string' && isForeignSeal(seal);
  const isThought = part.thought === true;
  state.isForeign = isThought && (hasForeign || (seal === undefined && state.isForeign));
  if (hasForeign) state.losses.add(words.thinkingPart, 'unsupported');
  if (state.isForeign) return [];
  const { thoughtSignature: _, thought_signature: __, ...bare } = part;
  return [withoutInvented(hasForeign ? bare : part)];
}

function withoutInvented(part: JsonObject): JsonObject {
  let patched = part;
  for (const key of ['functionCall', 'function_call', 'functionResponse', 'function_response']) {
    const value = part[key];
    if (!isObject(value) || typeof value.id !== 'string' || !isInvented(value.id)) continue;
    const { id: _, ...rest } = value;
    patched = { ...patched, [key]: rest };
  }
  return patched;
}
