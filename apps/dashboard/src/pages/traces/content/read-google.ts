import type { Block, Message } from './block.ts';
import { type Fields, fieldOf, isObject, listOf, pretty, stringOf, textOf, type Unknown } from './json.ts';
import { readAddress, readMedia } from './read-media.ts';
import { roleOf, strange } from './read-message.ts';
import { readThinking, readToolCall, readToolResult } from './read-part.ts';

/** A content of Google's dialect. One without a role is the user's. */
export function readGoogleContent(content: Unknown, fallbackRole = 'user'): Message {
  if (typeof content === 'string') return { role: fallbackRole, blocks: [{ kind: 'text', text: content }] };
  if (!isObject(content) || content.parts === undefined) return strange(content);
  return {
    role: roleOf(content.role) || fallbackRole,
    blocks: listOf(content.parts).map(readGooglePart),
  };
}

/** One part of a content: whichever of its fields says what it is. */
export function readGooglePart(part: Unknown): Block {
  if (!isObject(part)) return { kind: 'other', title: 'part', text: pretty(part) };
  for (const [name, read] of readers) {
    const value = fieldOf(part, name);
    const block = isObject(value) ? read(value) : undefined;
    if (block !== undefined) return signed(block, part);
  }
  if (typeof part.text !== 'string') return { kind: 'other', title: 'part', text: pretty(part) };
  const seal = fieldOf(part, 'thoughtSignature');
  if (part.thought === true) return readThinking(part.text, seal);
  return signed({ kind: 'text', text: part.text }, part);
}

function signed(block: Block, part: Fields): Block {
  if (fieldOf(part, 'thoughtSignature') === undefined) return block;
  return { ...block, note: block.note === undefined ? 'signed' : `${block.note}, signed` };
}

const readers: [field: string, read: (value: Fields) => Block | undefined][] = [
  ['functionCall', ({ name, args, id }) => readToolCall(name, args ?? {}, id ?? name)],
  ['functionResponse', readResponse],
  [
    'inlineData',
    (value) =>
      typeof value.data === 'string'
        ? readMedia({
            mediaType: textOf(fieldOf(value, 'mimeType')),
            data: value.data,
            name: stringOf(fieldOf(value, 'displayName')),
          })
        : undefined,
  ],
  ['fileData', readFileData],
  [
    'executableCode',
    ({ language, code }) => ({
      kind: 'tool-call',
      title: `code (${roleOf(language).toLowerCase()})`,
      text: textOf(code),
      note: 'run by the provider',
    }),
  ],
  [
    'codeExecutionResult',
    ({ outcome, output }) => ({
      kind: 'tool-result',
      title: 'code',
      text: textOf(output),
      note: roleOf(outcome),
    }),
  ],
];

function readResponse({ name, response, id, parts }: Fields): Block {
  const block = readToolResult(id ?? name, response);
  const more = listOf(parts).map(readGooglePart);
  return more.length === 0 ? block : { ...block, blocks: more };
}

function readFileData(value: Fields): Block | undefined {
  const url = stringOf(fieldOf(value, 'fileUri'));
  if (url === undefined) return undefined;
  const type = textOf(fieldOf(value, 'mimeType'));
  const kind = type.startsWith('image/') ? 'image' : type.startsWith('audio/') ? 'audio' : 'file';
  const block = readAddress(kind, url, stringOf(fieldOf(value, 'displayName')));
  return type === '' ? block : { ...block, note: roleOf(type) };
}
