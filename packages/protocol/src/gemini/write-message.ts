import type { AssistantPart, Call, OpaquePart, TextPart, ToolResultPart, UserPart } from '../call.ts';
import type { CallerDialectId } from '../dialect.ts';
import { featurePath } from '../feature-paths.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { opaquePath } from '../opaque-path.ts';
import type { Signature } from '../signature.ts';
import type { Words } from '../words.ts';
import { type InputMedia, writeMade, writeMedia } from './media.ts';
import { SKIP_VALIDATION } from './seals.ts';
import { writeResponse } from './tool-results.ts';
import { ID, isGemini3, isInvented, MAKER, writeInput } from './wire.ts';

type Writing = {
  losses: Losses;
  words: Words;
  dialect: CallerDialectId;
  isOwn: boolean;
  isGemini3: boolean;
  /** The calls so far: their name by id, in their order. */
  names: Map<string, string>;
};
type Content = { role: 'user' | 'model'; parts: Json[] };

/** Turns must alternate, so messages of another dialect that follow each other in one role become one. */
export function writeContents(call: Call, losses: Losses, model: string): JsonObject[] {
  const writing: Writing = {
    losses,
    words: wordsOf(call),
    dialect: call.extra.dialect,
    isOwn: call.extra.dialect === ID,
    isGemini3: isGemini3(model),
    names: new Map(),
  };
  const contents: Content[] = [];
  for (const message of call.messages) {
    const content = writeMessage(message, writing);
    const last = contents.at(-1);
    if (content.parts.length === 0) continue;
    if (!writing.isOwn && last?.role === content.role) last.parts.push(...content.parts);
    else contents.push(content);
  }
  if (writing.isGemini3)
    for (const content of contents) if (content.role === 'model') sealCalls(content.parts);
  // A conversation of nothing but what another maker thought is still one.
  return contents.length === 0 ? [{ role: 'user', parts: [{ text: '' }] }] : contents;
}

export function writeSystem(parts: TextPart[]): JsonObject {
  return { parts: parts.map((part) => ({ text: part.text })) };
}

/**
 * Gemini 3 refuses a turn of the model whose first call has no signature, also when another model made the call. In place
 * of one it takes the word that Google's page on thought signatures names for calls from elsewhere; `parts` gets it.
 */
export function sealCalls(parts: Json[]): void {
  for (const [place, part] of parts.entries()) {
    if (!isObject(part) || (part.functionCall ?? part.function_call) === undefined) continue;
    const seal = part.thoughtSignature ?? part.thought_signature;
    if (seal === undefined) parts[place] = { ...part, thoughtSignature: SKIP_VALIDATION };
    return;
  }
}

/** The wire has no instruction inside a conversation: it becomes the user's words, marked as what it is. */
function writeMessage(message: Call['messages'][number], writing: Writing): Content {
  if (message.role === 'assistant')
    return { role: 'model', parts: message.parts.flatMap((part) => writeModelPart(part, writing)) };
  if (message.role === 'user') return { role: 'user', parts: writeUser(message.parts, writing) };
  writing.losses.add(writing.words.midSystem, 'changed');
  for (const part of message.parts) noteCache(part, writing);
  return { role: 'user', parts: message.parts.map(({ text }) => ({ text: `<system>\n${text}\n</system>` })) };
}

/** Results without an id are told apart by their order alone, so they follow that of the calls. */
function writeUser(parts: UserPart[], writing: Writing): JsonObject[] {
  const results = parts.filter((part) => part.kind === 'tool-result');
  const order = [...writing.names.keys()];
  if (results.some(({ callId }) => isInvented(callId)))
    results.sort((a, b) => order.indexOf(a.callId) - order.indexOf(b.callId));
  const beside: JsonObject[] = [];
  const written = results.map((result) => writeResult(result, writing, beside));
  const others = parts.flatMap((part) => (part.kind === 'tool-result' ? [] : writeShown(part, writing)));
  return [...written, ...beside, ...others];
}

/** Gemini 3 takes media inside a result; for those before it they follow in the turn, as `beside`. */
function writeResult(result: ToolResultPart, writing: Writing, beside: JsonObject[]): JsonObject {
  noteCache(result, writing);
  const text = result.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  const media = result.parts.flatMap((part) =>
    part.kind === 'text' ? [] : writeShown(part, { ...writing, isGemini3: false }),
  );
  const { callId } = result;
  const wire: JsonObject = {
    name: writing.names.get(callId) ?? callId,
    response: writeResponse(text, result.isError === true),
  };
  if (!isInvented(callId)) wire.id = callId;
  if (media.length > 0 && (writing.isGemini3 || writing.isOwn)) wire.parts = media;
  else if (media.length > 0) {
    beside.push(...media);
    writing.losses.add(featurePath('result-image', writing.dialect), 'changed');
  }
  return { functionResponse: wire };
}

function writeShown(part: Exclude<UserPart, ToolResultPart>, writing: Writing): JsonObject[] {
  noteCache(part, writing);
  switch (part.kind) {
    case 'text':
      return part.text === '' && !writing.isOwn ? [] : [{ text: part.text }];
    case 'opaque':
      return writeOpaque(part, writing);
    default:
      return [withDetail(writeMedia(part), part, writing)];
  }
}

/** Only Gemini 3 looks at single parts more or less closely, and not at those of a tool's result. */
function withDetail(wire: JsonObject, part: InputMedia, writing: Writing): JsonObject {
  const { losses, words } = writing;
  if (part.kind === 'file' && part.name !== undefined) losses.add(`${words.file}.name`, 'unsupported');
  if (part.kind !== 'image' || part.detail === undefined || part.detail === 'auto') return wire;
  if (!writing.isGemini3 && !writing.isOwn) {
    losses.add(`${words.image}.detail`, 'unsupported');
    return wire;
  }
  return { ...wire, mediaResolution: { level: `MEDIA_RESOLUTION_${part.detail.toUpperCase()}` } };
}

function writeModelPart(part: AssistantPart, writing: Writing): JsonObject[] {
  switch (part.kind) {
    case 'text':
      noteCache(part, writing);
      if (part.citations !== undefined) writing.losses.add(writing.words.citations, 'unsupported');
      if (part.text === '' && part.signature?.maker !== MAKER) return [];
      return [sealed({ text: part.text }, part.signature, writing)];
    case 'refusal':
      writing.losses.add(featurePath('past-refusal', writing.dialect), 'changed');
      return part.text === '' ? [] : [{ text: part.text }];
    case 'thinking':
      if (part.signature?.maker === MAKER || (part.signature === undefined && writing.isOwn))
        return [sealed({ text: part.text, thought: true }, part.signature, writing)];
      // Another maker's thinking means nothing to these models.
      writing.losses.add(writing.words.thinkingPart, 'unsupported');
      return [];
    case 'tool-call': {
      noteCache(part, writing);
      writing.names.set(part.id, part.name);
      const call: JsonObject = { name: part.name, args: writeInput(part.input) };
      if (!isInvented(part.id)) call.id = part.id;
      return [sealed({ functionCall: call }, part.signature, writing)];
    }
    case 'media':
      return [sealed(writeMade(part), part.signature, writing)];
    case 'opaque':
      return writeOpaque(part, writing);
  }
}

function sealed(wire: JsonObject, signature: Signature | undefined, { losses, words }: Writing): JsonObject {
  if (signature === undefined) return wire;
  if (signature.maker === MAKER) return { ...wire, thoughtSignature: signature.value };
  losses.add(words.thinkingPart, 'unsupported');
  return wire;
}

function writeOpaque(part: OpaquePart, { losses }: Writing): JsonObject[] {
  const value = isObject(part.value) ? part.value : {};
  if (part.dialect === ID) return [value];
  losses.add(opaquePath(part), 'unsupported');
  return [];
}

function noteCache(part: { cache?: object }, { losses, words }: Writing): void {
  if (part.cache !== undefined) losses.add(words.cache, 'unsupported');
}
