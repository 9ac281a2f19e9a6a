import type { AssistantPart, OpaquePart, RefusalPart, TextPart, ToolCallPart } from '../call.ts';
import { PARTS_MAX } from '../call-bounds.ts';
import { isObject, type JsonObject } from '../json.ts';
import { type Entry, readContent } from '../read-content.ts';
import {
  listAt,
  objectAt,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
} from '../read-field.ts';
import type { Signature } from '../signature.ts';
import type { Unread } from '../unread.ts';
import { cite } from './citations.ts';
import { readGoogleSeal } from './google-seal.ts';
import { readAudio, readImage } from './media.ts';
import { opaque, readText } from './read-part.ts';
import { readThoughts } from './reasoning-details.ts';

const MESSAGE_FIELDS = new Set([
  'role',
  'content',
  'refusal',
  'annotations',
  'audio',
  'images',
  'tool_calls',
  'function_call',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'extra_content',
]);
/** Everything but the details, to note them where some have no name. */
const NO_DETAILS = new Set([...MESSAGE_FIELDS].filter((name) => name !== 'reasoning_details'));
const AUDIO_FIELDS = new Set(['id', 'data', 'transcript', 'expires_at']);
const CALL_FIELDS = new Set(['id', 'type', 'function', 'index', 'extra_content']);

/** A turn of the model, in the order of a reply. `turn` numbers a call that came without an id. */
export function readAssistant(entry: Entry, turn: number, unread: Unread): AssistantPart[] {
  const { wire, path } = entry;
  unread.note(wire, MESSAGE_FIELDS, 'messages[]');
  const { parts: thoughts, toolSeals, isPartial } = readThoughts(wire);
  if (isPartial) unread.note(wire, NO_DETAILS, 'messages[]');
  const parts: AssistantPart[] = [...thoughts];
  if (wire.content !== undefined)
    parts.push(...readContent(wire.content, `${path}.content`, (part) => readAssistantPart(part, unread)));
  readBeside(parts, entry);
  const refusal = optionalString(wire, 'refusal', path);
  if (refusal !== undefined && refusal !== '') parts.push({ kind: 'refusal', text: refusal });
  for (const { value } of listAt(wire.images, `${path}.images`, PARTS_MAX)) parts.push(readImage(value));
  for (const { value, path: at } of listAt(wire.tool_calls, `${path}.tool_calls`, PARTS_MAX)) {
    parts.push(readToolCall({ wire: objectAt(value, at), path: at }, toolSeals, unread));
  }
  if (isObject(wire.function_call)) {
    const call = readFunctionCall(wire.function_call, `${path}.function_call`);
    parts.push({ ...call, id: `call_${turn}` });
  }
  const audio = optionalObject(wire, 'audio', path);
  if (audio !== undefined) {
    unread.note(audio, AUDIO_FIELDS, 'messages[].audio');
    parts.push(readAudio(audio));
  }
  return parts;
}

/** What stands beside the content is the text's. */
function readBeside(parts: AssistantPart[], { wire, path }: Entry): void {
  const annotations = listAt(wire.annotations, `${path}.annotations`, PARTS_MAX).map(({ value }) => value);
  const seal = readGoogleSeal(wire);
  if (annotations.length === 0 && seal === undefined) return;
  const texts = parts.filter((part) => part.kind === 'text');
  if (texts.length === 0) {
    const text: TextPart = { kind: 'text', text: '' };
    texts.push(text);
    parts.push(text);
  }
  cite(texts, annotations);
  const last = texts.at(-1);
  if (last !== undefined && seal !== undefined) last.signature = seal;
}

function readAssistantPart({ wire, path }: Entry, unread: Unread): TextPart | RefusalPart | OpaquePart {
  const type = requiredString(wire, 'type', path);
  if (type === 'text') return readText(wire, path, unread);
  if (type === 'refusal') return { kind: 'refusal', text: requiredString(wire, 'refusal', path) };
  return opaque(wire);
}

function readToolCall(
  { wire, path }: Entry,
  seals: ReadonlyMap<string, Signature>,
  unread: Unread,
): ToolCallPart | OpaquePart {
  const type = optionalString(wire, 'type', path) ?? 'function';
  if (type !== 'function') return opaque(wire);
  unread.note(wire, CALL_FIELDS, 'messages[].tool_calls[]');
  const id = requiredString(wire, 'id', path);
  const call = { ...readFunctionCall(requiredObject(wire, 'function', path), `${path}.function`), id };
  const signature = readGoogleSeal(wire) ?? seals.get(id);
  return signature === undefined ? call : { ...call, signature };
}

function readFunctionCall(wire: JsonObject, path: string): Omit<ToolCallPart, 'id'> {
  return {
    kind: 'tool-call',
    name: requiredString(wire, 'name', path),
    input: optionalString(wire, 'arguments', path) ?? '',
  };
}
