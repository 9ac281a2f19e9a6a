import type {
  AssistantPart,
  CacheMark,
  Message,
  OpaquePart,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../call.ts';
import { featurePath } from '../feature-paths.ts';
import type { JsonObject } from '../json.ts';
import { opaquePath } from '../opaque-path.ts';
import { writeId, writeName } from './names.ts';
import { MAKER, mayCache, writeCachePoint, writeInput } from './wire.ts';
import type { Writing } from './write-call.ts';
import { writeMedia } from './write-media.ts';

type Turn = { role: 'user' | 'assistant'; content: JsonObject[] };

/** A call's messages as they are written. The names of documents must differ, so they are counted. */
export type Talk = Writing & { documents: Set<string> };

/** The two roles alternate: messages that follow each other in one role become one. */
export function writeMessages(writing: Writing): JsonObject[] {
  const talk: Talk = { ...writing, documents: new Set() };
  const turns: Turn[] = [];
  for (const message of writing.call.messages) {
    const turn = writeMessage(message, talk);
    const last = turns.at(-1);
    if (turn.content.length === 0) continue;
    if (last?.role === turn.role) last.content.push(...turn.content);
    else turns.push(turn);
  }
  return turns.map(({ role, content }) => ({
    role,
    content: role === 'user' ? resultsFirst(content) : content,
  }));
}

export function writeSystem(writing: Writing): JsonObject[] {
  return writing.call.system.flatMap((part) => writeText(part, writing));
}

/** The wire has no instruction inside a conversation: it becomes the user's words, marked as what it is. */
function writeMessage(message: Message, talk: Talk): Turn {
  if (message.role === 'assistant') {
    return { role: 'assistant', content: message.parts.flatMap((part) => writeAssistantPart(part, talk)) };
  }
  if (message.role === 'user') {
    return { role: 'user', content: message.parts.flatMap((part) => writeUserPart(part, talk)) };
  }
  talk.losses.add(talk.words.midSystem, 'changed');
  const marked = message.parts.map((part) => ({ ...part, text: `<system>\n${part.text}\n</system>` }));
  return { role: 'user', content: marked.flatMap((part) => writeText(part, talk)) };
}

/** Results stand before everything else in their turn, or the models refuse it. A cache point stays behind its block. */
function resultsFirst(content: JsonObject[]): JsonObject[] {
  const isResult = (at: number): boolean => {
    const block = content[at];
    return block?.cachePoint === undefined ? block?.toolResult !== undefined : isResult(at - 1);
  };
  const results = content.filter((_, at) => isResult(at));
  return [...results, ...content.filter((_, at) => !isResult(at))];
}

function writeUserPart(part: UserPart, talk: Talk): JsonObject[] {
  switch (part.kind) {
    case 'text':
      return writeText(part, talk);
    case 'tool-result':
      return withCache([writeResult(part, talk)], part.cache, talk);
    case 'opaque':
      return unknown(part, talk);
    default:
      return withCache(writeMedia(part, talk), part.cache, talk);
  }
}

/** A text of white space alone is refused; an empty one says nothing. */
function writeText(part: TextPart, writing: Writing): JsonObject[] {
  if (part.text.trim() === '') {
    if (part.text !== '') writing.losses.add('messages[].content', 'changed');
    return [];
  }
  if (part.signature !== undefined) writing.losses.add(writing.words.thinkingPart, 'unsupported');
  if (part.citations !== undefined && part.citations.length > 0)
    writing.losses.add(writing.words.citations, 'unsupported');
  return withCache([{ text: part.text }], part.cache, writing);
}

function writeResult(part: ToolResultPart, talk: Talk): JsonObject {
  const content = part.parts.flatMap((shown) => writeShown(shown, talk));
  const toolResult: JsonObject = { toolUseId: writeId(part.callId), content };
  if (part.isError !== undefined) toolResult.status = part.isError ? 'error' : 'success';
  return { toolResult };
}

/** Inside a result the wire takes no marks. */
function writeShown(part: ToolResultPart['parts'][number], talk: Talk): JsonObject[] {
  if (part.kind === 'opaque') return unknown(part, talk);
  const { cache, ...bare } = part;
  if (cache !== undefined) talk.losses.add(talk.words.cache, 'unsupported');
  return bare.kind === 'text' ? writeText(bare, talk) : writeMedia(bare, talk);
}

function writeAssistantPart(part: AssistantPart, talk: Talk): JsonObject[] {
  const { losses, words, call } = talk;
  switch (part.kind) {
    case 'text':
      return writeText(part, talk);
    case 'tool-call': {
      if (part.signature !== undefined) losses.add(words.thinkingPart, 'unsupported');
      const toolUse = {
        toolUseId: writeId(part.id),
        name: writeName(part.name).name,
        input: writeInput(part.input),
      };
      return withCache([{ toolUse }], part.cache, talk);
    }
    case 'thinking':
      return writeThinking(part, talk);
    case 'refusal':
      losses.add(featurePath('past-refusal', call.extra.dialect), 'changed');
      return writeText({ kind: 'text', text: part.text }, talk);
    case 'media':
      losses.add(featurePath('past-image', call.extra.dialect), 'unsupported');
      return [];
    case 'opaque':
      return unknown(part, talk);
  }
}

/** Only what Anthropic's models sealed goes back to them: the wire refuses thoughts without their seal. */
function writeThinking(part: AssistantPart & { kind: 'thinking' }, { losses, words }: Talk): JsonObject[] {
  const { text, signature } = part;
  if (signature?.maker !== MAKER) {
    losses.add(words.thinkingPart, 'unsupported');
    return [];
  }
  const { value } = signature;
  if (signature.isRedacted) return [{ reasoningContent: { redactedContent: value } }];
  return [{ reasoningContent: { reasoningText: { text, signature: value } } }];
}

/** No caller speaks this dialect, so a block of one dialect alone is never ours. */
function unknown(part: OpaquePart, { losses }: Talk): JsonObject[] {
  losses.add(opaquePath(part), 'unsupported');
  return [];
}

/** A mark is a block of its own behind what it marks. Other makers' models refuse it. */
function withCache(blocks: JsonObject[], cache: CacheMark | undefined, writing: Writing): JsonObject[] {
  if (cache === undefined || blocks.length === 0) return blocks;
  if (mayCache(writing.family)) return [...blocks, writeCachePoint(cache)];
  writing.losses.add(writing.words.cache, 'unsupported');
  return blocks;
}
