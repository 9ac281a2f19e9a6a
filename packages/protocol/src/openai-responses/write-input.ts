import type {
  AssistantPart,
  Call,
  MediaPart,
  Message,
  TextPart,
  ThinkingPart,
  ToolResultPart,
  UserPart,
} from '../call.ts';
import { featurePath } from '../feature-paths.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { ID, MAKER } from './wire.ts';
import {
  noteCache,
  type Shown,
  type Writing,
  writeContent,
  writeOpaque,
  writeSaid,
} from './write-content.ts';
import { imageItem } from './write-item.ts';

/** `instructions` holds one text; more of them, or marked ones, begin the conversation. */
export function writeInput(call: Call, losses: Losses): JsonObject {
  const caller = call.extra.dialect;
  const writing: Writing = { losses, words: wordsOf(call), caller, isOwn: caller === ID };
  const input = call.messages.flatMap((message) => writeMessage(message, writing));
  const [first, ...more] = call.system;
  if (first === undefined) return { input };
  if (more.length === 0 && first.text !== '') {
    noteCache(first, writing);
    return { instructions: first.text, input };
  }
  return { input: [systemMessage(call.system, writing), ...input] };
}

function systemMessage(parts: TextPart[], writing: Writing): JsonObject {
  return { role: 'system', content: writeContent(parts, writing) };
}

function writeMessage(message: Message, writing: Writing): JsonObject[] {
  switch (message.role) {
    case 'system':
      return [systemMessage(message.parts, writing)];
    case 'user':
      return writeUser(message.parts, writing);
    case 'assistant':
      return writeAssistant(message.parts, writing);
  }
}

/** Results are items of their own; what stands between them is a message. */
function writeUser(parts: readonly UserPart[], writing: Writing): JsonObject[] {
  if (parts.length === 0) return [{ role: 'user', content: '' }];
  const items: JsonObject[] = [];
  let shown: Shown[] = [];
  const close = (): void => {
    const content = shown.length === 0 ? '' : writeContent(shown, writing);
    if (content !== '') items.push({ role: 'user', content });
    shown = [];
  };
  for (const part of parts) {
    if (part.kind === 'tool-result') {
      close();
      items.push(writeResult(part, writing));
    } else if (part.kind === 'opaque' && isItem(part.value)) {
      close();
      items.push(...writeOpaque(part, writing));
    } else shown.push(part);
  }
  close();
  return items;
}

/** Content of this dialect begins with `input_`; whatever else was kept is an item. */
function isItem(value: Json): boolean {
  return !isObject(value) || !textOf(value.type).startsWith('input_');
}

function writeResult(part: ToolResultPart, writing: Writing): JsonObject {
  if (part.isError) writing.losses.add(featurePath('result-error', writing.caller), 'unsupported');
  noteCache(part, writing);
  return { type: 'function_call_output', call_id: part.callId, output: writeContent(part.parts, writing) };
}

/** Items in the order of the parts. Texts and refusals in a row are one message. */
function writeAssistant(parts: readonly AssistantPart[], writing: Writing): JsonObject[] {
  const items: JsonObject[] = [];
  let content: JsonObject[] | undefined;
  for (const part of parts) {
    if (part.kind === 'text' || part.kind === 'refusal') {
      const said = writeSaid(part, writing);
      if (said.length > 0 && content === undefined) {
        content = [];
        items.push({ role: 'assistant', content });
      }
      content?.push(...said);
    } else {
      content = undefined;
      items.push(...writeItem(part, writing));
    }
    const seal = part.kind === 'text' || part.kind === 'tool-call' ? part.signature : undefined;
    // No model of this wire's maker gives such a seal, and none takes another maker's.
    if (seal !== undefined) writing.losses.add(writing.words.thinkingPart, 'unsupported');
  }
  return items;
}

function writeItem(
  part: Exclude<AssistantPart, { kind: 'text' | 'refusal' }>,
  writing: Writing,
): JsonObject[] {
  switch (part.kind) {
    case 'thinking':
      return writeThinking(part, writing);
    case 'tool-call':
      noteCache(part, writing);
      return [
        { type: 'function_call', call_id: part.id, name: part.name, arguments: inputOf(part.input, writing) },
      ];
    case 'media':
      return writeMedia(part, writing);
    case 'opaque':
      return writeOpaque(part, writing);
  }
}

/** No arguments are an empty object elsewhere. */
function inputOf(input: string, { isOwn }: Writing): string {
  return input === '' && !isOwn ? '{}' : input;
}

/** Thinking goes back to its maker alone; without a seal only a caller of this dialect may send it. */
function writeThinking({ text, signature }: ThinkingPart, { losses, words, isOwn }: Writing): JsonObject[] {
  const isKnown = signature === undefined ? isOwn : signature.maker === MAKER;
  if (!isKnown) {
    losses.add(words.thinkingPart, 'unsupported');
    return [];
  }
  const item: JsonObject = {
    type: 'reasoning',
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
  };
  if (signature?.id !== undefined) item.id = signature.id;
  if (signature !== undefined && signature.value !== '') item.encrypted_content = signature.value;
  return [item];
}

/** An image that the model made; other dialects' images have no id that the provider would know. */
function writeMedia(part: MediaPart, { losses, caller, isOwn }: Writing): JsonObject[] {
  const item = isOwn && part.id !== undefined ? imageItem(part.id, part) : undefined;
  if (item !== undefined) return [item];
  losses.add(featurePath('past-image', caller), 'unsupported');
  return [];
}
