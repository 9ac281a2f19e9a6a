import { isObject, type Json, type JsonObject } from '@app/protocol';
import { readMessages } from './read-messages.ts';
import { stringOf, textIn } from './read-part.ts';

/**
 * The parts of an answer in the form that the gateway keeps its replies in, from whatever form the sender gave it:
 * messages, a whole reply of OpenAI, Anthropic or Gemini, LangChain's generations, or a text. What is none of them is
 * its JSON as a text. Undefined when there is nothing.
 */
export function readReplyParts(value: Json | undefined): JsonObject[] | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const messages = messagesOf(value);
  // An agent's answer also tells what its tools said, which is no part of what the model did.
  const parts = messages?.filter(({ role }) => role !== 'tool').flatMap(partsOfMessage) ?? [];
  if (parts.length > 0) return parts;
  if (messages !== undefined) return [];
  return [{ kind: 'text', text: JSON.stringify(value) }];
}

function messagesOf(value: Json): JsonObject[] | undefined {
  if (!isObject(value)) return readMessages(value, 'assistant');
  const { choices, candidates, generations, output, messages, content, text } = value;
  if (Array.isArray(choices)) return choices.flatMap((choice) => readChoice(choice));
  if (Array.isArray(candidates)) {
    return candidates.flatMap((one) => (isObject(one) ? (readMessages(one.content, 'assistant') ?? []) : []));
  }
  if (Array.isArray(generations)) return generations.flat(1).flatMap(readGeneration);
  if (Array.isArray(output)) return readMessages(output, 'assistant');
  if (Array.isArray(messages)) return readMessages(messages, 'assistant')?.slice(-1);
  if (value.role !== undefined || value.tool_calls !== undefined) {
    return readMessages({ role: 'assistant', ...value }, 'assistant');
  }
  const said = content ?? text;
  if (typeof said === 'string' || Array.isArray(said))
    return readMessages({ role: 'assistant', content: said });
  return readMessages(value.message ?? value.kwargs, 'assistant') ?? undefined;
}

function readChoice(choice: Json): JsonObject[] {
  if (!isObject(choice)) return [];
  return readMessages(choice.message ?? choice.delta ?? choice.text, 'assistant') ?? [];
}

function readGeneration(generation: Json): JsonObject[] {
  if (!isObject(generation)) return [];
  const message = readMessages(generation.message, 'assistant');
  return (
    message ?? (typeof generation.text === 'string' ? [{ role: 'assistant', content: generation.text }] : [])
  );
}

/** What an assistant's turn holds, in the order in which models make it. */
function partsOfMessage(message: JsonObject): JsonObject[] {
  const parts: JsonObject[] = [];
  const thought = stringOf(message.reasoning_content);
  if (thought !== undefined) parts.push({ kind: 'thinking', text: thought });
  const { content } = message;
  if (typeof content === 'string' && content !== '') parts.push({ kind: 'text', text: content });
  if (Array.isArray(content)) {
    for (const part of content) {
      if (isObject(part) && part.type === 'text') parts.push({ kind: 'text', text: textIn(part.text) });
      else parts.push({ kind: 'opaque', dialect: 'openai-chat', value: part });
    }
  }
  const refusal = stringOf(message.refusal);
  if (refusal !== undefined) parts.push({ kind: 'refusal', text: refusal });
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  for (const call of calls) {
    if (!isObject(call) || !isObject(call.function)) continue;
    const { name, arguments: input } = call.function;
    parts.push({ kind: 'tool-call', id: textIn(call.id), name: textIn(name), input: textIn(input) });
  }
  return parts;
}
