import type { Block, Message } from './block.ts';
import { type Fields, fieldOf, isObject, listOf, stringOf, textOf, type Unknown } from './json.ts';
import { plainName } from './plain-name.ts';
import { readGoogleContent } from './read-google.ts';
import { readItems } from './read-item.ts';
import { readMessage, strange } from './read-message.ts';
import { readContent, readPart } from './read-part.ts';

/** A request as a person reads it. `rest` is all that no message says: settings, tools, and what nobody knows. */
export type ReadRequest = { messages: Message[]; rest: Fields | undefined };

/** Shown at the head of the trace. */
const SHOWN_ELSEWHERE = ['model', 'stream'];

/**
 * A request body of any dialect, told by its fields: instructions first, then the conversation, or what a request that
 * is no conversation is about. `isConversation` is what its route says.
 */
export function readRequest(request: Unknown, isConversation = true): ReadRequest {
  if (typeof request === 'string') return { messages: [readMessage(request)], rest: undefined };
  if (!isObject(request)) return { messages: [strange(request)], rest: undefined };
  const rest = { ...request };
  const messages = readers.flatMap(([name, read]) => {
    const value = fieldOf(request, name);
    const found = value === undefined || value === null ? undefined : read(value, isConversation);
    if (found === undefined) return [];
    for (const key of [name, snakeOf(name)]) delete rest[key];
    return found;
  });
  for (const name of SHOWN_ELSEWHERE) if (typeof rest[name] !== 'object') delete rest[name];
  nameResults(messages);
  return { messages, rest: Object.keys(rest).length === 0 ? undefined : rest };
}

const snakeOf = (name: string): string =>
  name.replace(/[A-Z]/g, (letter: string) => `_${letter.toLowerCase()}`);

/** Undefined for a value that no dialect has there: then it stays in `rest`, where it is seen as it is. */
type Reader = (value: Unknown, isConversation: boolean) => Message[] | undefined;

const listReader =
  (read: (entry: Unknown) => Message): Reader =>
  (value) =>
    Array.isArray(value) ? value.map(read) : undefined;

const readSystem: Reader = (value) =>
  typeof value === 'string' || Array.isArray(value)
    ? [{ role: 'system', blocks: readContent(value) }]
    : isObject(value) && value.parts !== undefined
      ? [{ ...readGoogleContent(value, 'system'), role: 'system' }]
      : undefined;

const readInput: Reader = (value, isConversation) => {
  if (!isConversation) return readTexts('input')(value, isConversation);
  if (typeof value === 'string') return [{ role: 'user', blocks: readContent(value) }];
  return Array.isArray(value) ? readItems(value) : undefined;
};

/** A text, tokens, or a list of either: each stands for itself. */
const readTexts =
  (role: string): Reader =>
  (value) => {
    if (typeof value === 'string') return [{ role, blocks: readContent(value) }];
    if (!Array.isArray(value)) return undefined;
    if (isTokens(value)) return [{ role, blocks: [tokensBlock(value)] }];
    return value.map((entry) => ({ role, blocks: [isTokens(entry) ? tokensBlock(entry) : readPart(entry)] }));
  };

const TOKENS_SHOWN = 200;

const isTokens = (value: Unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'number');

function tokensBlock(tokens: readonly number[]): Block {
  const shown = tokens.slice(0, TOKENS_SHOWN).join(' ');
  return {
    kind: 'json',
    title: `${tokens.length.toLocaleString('en-US')} tokens`,
    text: tokens.length > TOKENS_SHOWN ? `${shown} …` : shown,
  };
}

const readDocument = (entry: Unknown): Message => ({
  role: 'document',
  blocks: isObject(entry) && typeof entry.text !== 'string' ? [readPart(entry)] : textOfDocument(entry),
});

const textOfDocument = (entry: Unknown): Block[] =>
  readContent(isObject(entry) ? textOf(entry.text) : textOf(entry));

/** What is to be embedded, of one request among many. */
const readEmbedding = (entry: Unknown): Message =>
  isObject(entry) && isObject(entry.content)
    ? { ...readGoogleContent(entry.content), role: 'input' }
    : strange(entry);

const readers: [field: string, read: Reader][] = [
  ['instructions', readSystem],
  ['system', readSystem],
  ['systemInstruction', readSystem],
  ['messages', listReader(readMessage)],
  ['contents', (value) => (isListed(value) ? listOf(value).map((one) => readGoogleContent(one)) : undefined)],
  ['prompt', readTexts('user')],
  ['suffix', (value) => (typeof value === 'string' ? readTexts('suffix')(value, true) : undefined)],
  ['input', readInput],
  ['content', (value) => (isObject(value) ? [{ ...readGoogleContent(value), role: 'input' }] : undefined)],
  ['requests', listReader(readEmbedding)],
  ['query', (value) => (typeof value === 'string' ? readTexts('query')(value, false) : undefined)],
  ['documents', listReader(readDocument)],
];

const isListed = (value: Unknown): boolean => Array.isArray(value) || isObject(value);

/** A result says which call it answers by an id; a person wants the name of the tool. */
function nameResults(messages: readonly Message[]): void {
  const names = new Map<string, string>();
  for (const block of messages.flatMap((message) => message.blocks)) {
    const id = stringOf(block.callId);
    if (id === undefined) continue;
    if (block.kind === 'tool-call' && block.title !== undefined) names.set(id, block.title);
    const name = names.get(id);
    if (block.kind !== 'tool-result' || name === undefined || name === block.title) continue;
    block.title = name;
    block.note = block.note === undefined ? plainName(id) : `${block.note}, ${plainName(id)}`;
  }
}
