import type { Block, Message } from './block.ts';
import { type Fields, isObject, listOf, pretty, stringOf, textOf, type Unknown } from './json.ts';
import { plainName } from './plain-name.ts';
import { readContent, readImages, readThinking, readToolCall, readToolResult } from './read-part.ts';
import { readAnnotations } from './read-sources.ts';

const ROLE_CHARS_MAX = 40;
export const roleOf = (role: Unknown): string => plainName(textOf(role), ROLE_CHARS_MAX);

/** A message of OpenAI's chat or Anthropic's dialect. What is no message is its JSON. */
export function readMessage(message: Unknown): Message {
  if (typeof message === 'string') return { role: '', blocks: readContent(message) };
  if (!isObject(message)) return strange(message);
  const { role } = message;
  if (role === 'tool' || role === 'function') {
    const id = message.tool_call_id ?? message.name;
    return { role, blocks: [readToolResult(id, message.content)] };
  }
  const blocks = [...readThoughts(message), ...spoken(message), ...readCalls(message), ...readSound(message)];
  if (blocks.length === 0 && Object.keys(message).some((name) => name !== 'role' && name !== 'content'))
    return { ...strange(message), role: roleOf(role) };
  return { role: roleOf(role), blocks };
}

export const strange = (value: Unknown): Message => ({
  role: '',
  blocks: [{ kind: 'other', title: 'unknown form', text: pretty(value) }],
});

/** Text, refusal and pictures. What is cited beside the content is the last text's. */
function spoken({ content, refusal, annotations, images }: Fields): Block[] {
  const blocks = readContent(content);
  const sources = readAnnotations(annotations);
  const last = blocks.findLast((block) => block.kind === 'text');
  if (sources.length > 0 && last !== undefined) last.sources = sources;
  const refused = stringOf(refusal);
  if (refused !== undefined) blocks.push({ kind: 'refusal', title: 'refusal', text: refused });
  return [...blocks, ...readImages(images)];
}

/** DeepSeek and xAI say `reasoning_content`, Groq and OpenRouter `reasoning`; seals are in `reasoning_details`. */
function readThoughts(message: Fields): Block[] {
  const details = listOf(message.reasoning_details).filter(isObject);
  if (details.length > 0) {
    return details.map((detail) =>
      readThinking(textOf(detail.text ?? detail.summary), detail.data ?? detail.signature),
    );
  }
  const text = stringOf(message.reasoning_content) ?? stringOf(message.reasoning);
  return text === undefined ? [] : [readThinking(text, undefined)];
}

function readCalls({ tool_calls: calls, function_call: older }: Fields): Block[] {
  const all = isObject(older) ? [...listOf(calls), older] : listOf(calls);
  return all.filter(isObject).map((call) => {
    const custom = isObject(call.custom) ? call.custom : call;
    const named = isObject(call.function) ? call.function : custom;
    return readToolCall(named.name, named.arguments ?? named.input, call.id);
  });
}

/** A sound of an earlier turn is sent back by its id alone. */
function readSound({ audio }: Fields): Block[] {
  if (!isObject(audio)) return [];
  const said = stringOf(audio.transcript);
  const id = plainName(textOf(audio.id));
  return [{ kind: 'audio', title: 'audio', text: said ?? `kept by the provider as ${id}` }];
}
