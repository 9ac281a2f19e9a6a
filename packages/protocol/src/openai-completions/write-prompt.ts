import type { AssistantPart, Call, Message, UserPart } from '../call.ts';
import { featurePath } from '../feature-paths.ts';
import type { Json } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { opaquePath } from '../opaque-path.ts';
import { ID } from './wire.ts';

type Part = UserPart | AssistantPart;
const SPEAKERS = { user: 'User', assistant: 'Assistant', system: 'System' } as const;

/**
 * One text is the prompt. Instructions stand before it; a conversation becomes a script that the model goes on with. A
 * prompt of the caller's own in another form (tokens, several) stays as it was.
 */
export function writePrompt(call: Call, losses: Losses): Json {
  const [only] = call.messages;
  const own = only?.parts[0];
  if (call.messages.length === 1 && own?.kind === 'opaque' && own.dialect === ID) return own.value;
  if (call.system.length > 0) losses.add(featurePath('system', call.extra.dialect), 'changed');
  const system = call.system.map((part) => textOf(part, call, losses)).join('\n\n');
  const turns = call.messages.map((message) => ({ message, text: textIn(message, call, losses) }));
  const isScript = turns.length > 1 || only?.role !== 'user';
  if (isScript) losses.add(wordsOf(call).midSystem, 'changed');
  const texts = isScript
    ? [...turns.filter(hasText).map(lineOf), 'Assistant:']
    : turns.map(({ text }) => text);
  return [system, ...texts].filter((text) => text !== '').join('\n\n');
}

type Turn = { message: Message; text: string };

function hasText({ text }: Turn): boolean {
  return text !== '';
}

function lineOf({ message, text }: Turn): string {
  return `${SPEAKERS[message.role]}: ${text}`;
}

function textIn({ parts }: Message, call: Call, losses: Losses): string {
  return parts.map((part) => textOf(part, call, losses)).join('');
}

/** The text of a part; anything else of it is lost. */
function textOf(part: Part, call: Call, losses: Losses): string {
  const words = wordsOf(call);
  if ('cache' in part && part.cache !== undefined) losses.add(words.cache, 'unsupported');
  switch (part.kind) {
    case 'text':
      if (part.citations !== undefined) losses.add(words.citations, 'unsupported');
      return part.text;
    case 'refusal':
      losses.add(featurePath('past-refusal', call.extra.dialect), 'changed');
      return part.text;
    case 'image':
    case 'audio':
    case 'file':
      losses.add(words[part.kind], 'unsupported');
      return '';
    default:
      losses.add(lossPath(part, call), 'unsupported');
      if (part.kind === 'tool-result' && part.isError)
        losses.add(featurePath('result-error', call.extra.dialect), 'unsupported');
      return '';
  }
}

type Unsayable = Exclude<Part, { kind: 'text' | 'refusal' | 'image' | 'audio' | 'file' }>;

function lossPath(part: Unsayable, call: Call): string {
  const caller = call.extra.dialect;
  switch (part.kind) {
    case 'thinking':
      return wordsOf(call).thinkingPart;
    case 'media':
      return featurePath('past-image', caller);
    case 'tool-call':
    case 'tool-result':
      return featurePath('tool-result', caller);
    case 'opaque':
      return opaquePath(part);
  }
}
