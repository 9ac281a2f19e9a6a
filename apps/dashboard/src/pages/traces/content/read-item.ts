import type { Block, Message } from './block.ts';
import { type Fields, isObject, listOf, stringOf, textOf, type Unknown } from './json.ts';
import { plainName } from './plain-name.ts';
import { readMedia } from './read-media.ts';
import { readMessage, strange } from './read-message.ts';
import { readOther, readPart, readThinking, readToolCall, readToolResult } from './read-part.ts';
import { readPages } from './read-sources.ts';

const ASSISTANT = 'assistant';
const TOOL = 'tool';
const USER = 'user';

/** The items of a Responses call. What the model did in a row is one turn of it, as are results in a row. */
export function readItems(items: readonly Unknown[]): Message[] {
  const messages: Message[] = [];
  for (const item of items) {
    const message = readTurn(item);
    const last = messages.at(-1);
    const joins = message.role === ASSISTANT || message.role === TOOL;
    if (joins && last?.role === message.role) last.blocks.push(...message.blocks);
    else messages.push(message);
  }
  return messages;
}

function readTurn(item: Unknown): Message {
  if (typeof item === 'string') return { role: USER, blocks: [readPart(item)] };
  if (!isObject(item)) return strange(item);
  const type = textOf(item.type);
  if (type === 'message' || (type === '' && item.role !== undefined)) return readMessage(item);
  if (isContent(type)) return { role: USER, blocks: [readPart(item)] };
  return { role: type.endsWith('_output') ? TOOL : ASSISTANT, blocks: [readItem(item)] };
}

/** Parts of content may stand in `input` without a message. */
const isContent = (type: string): boolean =>
  type.startsWith('input_') || ['text', 'image_url'].includes(type);

/** An item of a call or of a reply that is no message. */
export function readItem(item: Fields): Block {
  return readers.get(textOf(item.type))?.(item) ?? readOther(item);
}

type Reader = (item: Fields) => Block | undefined;

const readCall: Reader = (item) =>
  readToolCall(item.name, item.arguments ?? item.input, item.call_id ?? item.id);
const readOutput: Reader = (item) => readToolResult(item.call_id, item.output);

function readReasoning({ summary, content, encrypted_content: seal }: Fields): Block {
  const texts = [...listOf(summary), ...listOf(content)].map((entry) =>
    isObject(entry) ? textOf(entry.text) : textOf(entry),
  );
  return readThinking(texts.join('\n\n'), seal);
}

function readSearch({ action, status }: Fields): Block | undefined {
  if (!isObject(action)) return undefined;
  const queries = listOf(action.queries).map(textOf);
  const asked = stringOf(action.query) ?? stringOf(action.url) ?? stringOf(action.pattern);
  const text = queries.length > 0 ? queries.join('\n') : (asked ?? '');
  const block: Block = { kind: 'search', title: 'web search', text, sources: readPages(action.sources) };
  return status === 'completed' ? block : { ...block, note: plainName(textOf(status)) };
}

function readImage({ result, output_format: format }: Fields): Block | undefined {
  const data = stringOf(result);
  return data === undefined
    ? undefined
    : readMedia({ mediaType: `image/${stringOf(format) ?? 'png'}`, data, name: 'image made by the model' });
}

const readers = new Map(
  Object.entries<Reader>({
    function_call: readCall,
    custom_tool_call: readCall,
    function_call_output: readOutput,
    custom_tool_call_output: readOutput,
    reasoning: readReasoning,
    web_search_call: readSearch,
    image_generation_call: readImage,
    message: (item) => {
      const { blocks } = readMessage(item);
      return blocks.length === 1 ? blocks[0] : undefined;
    },
  }),
);
