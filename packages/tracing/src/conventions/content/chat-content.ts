import { isObject, type Json, type JsonObject } from '@app/protocol';
import { findText, numberOf, unpack } from '../find-attribute.ts';
import type { MappedContent } from '../mapped-span.ts';
import { readMessages } from './read-messages.ts';
import { stringOf, textIn } from './read-part.ts';
import { readReplyParts } from './read-reply.ts';

export type ChatParts = {
  /** Who is asked, the settings of the call, and where its reply's id is. */
  attributes: JsonObject;
  /** In any form. */
  input: Json | undefined;
  output: Json | undefined;
  /** Instructions that stand beside the conversation. */
  system?: Json | undefined;
  tools?: Json | undefined;
  /** Settings that stand in one attribute. */
  params?: Json | undefined;
  finishReason?: string | undefined;
  /** The model that was asked, where the attributes name the one that answered. */
  model?: string | undefined;
};

/** A call of a model as a request and a reply that every reader of chats understands. */
export function chatContent(parts: ChatParts): MappedContent {
  const { attributes, input, output } = parts;
  const messages = readMessages(input);
  const reply = readReplyParts(output);
  const system = textIn(parts.system ?? null);
  const turns = [...(system === '' ? [] : [{ role: 'system', content: system }]), ...(messages ?? [])];
  const isEmpty = turns.length === 0 && (input === undefined || input === null);
  const request: JsonObject = {
    ...modelOf(attributes, parts.model),
    ...(messages === undefined && !isEmpty ? { input: input ?? null } : { messages: turns }),
    ...toolsOf(parts.tools),
    ...paramsOf(parts),
  };
  return {
    dialect: 'openai-chat',
    request: isEmpty ? null : request,
    reply: reply === undefined ? null : { ...idsOf(attributes), parts: reply, ...stopOf(parts.finishReason) },
    systemPrompt: system === '' ? systemOf(turns) : system,
  };
}

/** What went in and out of anything that is no call of a model. */
export function plainContent(input: Json | undefined, output: Json | undefined): MappedContent {
  return { dialect: 'json', request: input ?? null, reply: output ?? null, systemPrompt: '' };
}

const ASKED = ['gen_ai.request.model', 'llm.model_name', 'ai.model.id', 'langfuse.observation.model.name'];
const ANSWERED = ['gen_ai.response.model', 'ai.response.model'];
const REPLY_ID = ['gen_ai.response.id', 'ai.response.id'];

function modelOf(attributes: JsonObject, told: string | undefined): JsonObject {
  const model = told ?? findText(attributes, ASKED);
  return model === undefined ? {} : { model };
}

function idsOf(attributes: JsonObject): JsonObject {
  const id = findText(attributes, REPLY_ID);
  const model = findText(attributes, ANSWERED);
  return { ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) };
}

const stopOf = (finishReason: string | undefined): JsonObject =>
  finishReason === undefined ? {} : { rawStop: finishReason };

function toolsOf(tools: Json | undefined): JsonObject {
  const list = tools === undefined || tools === null ? undefined : unpack(tools);
  if (!Array.isArray(list) || list.length === 0) return {};
  return { tools: list.map((tool) => writeTool(unpack(tool))) };
}

/** Senders give a tool as a text of JSON, flat, or as the provider has it. */
function writeTool(tool: Json): Json {
  if (!isObject(tool)) return tool;
  const inner = tool.tool ?? tool.json_schema;
  if (inner !== undefined && tool.name === undefined) return writeTool(unpack(inner));
  if (isObject(tool.function) || typeof tool.name !== 'string') return tool;
  const parameters = tool.parameters ?? tool.inputSchema ?? tool.input_schema ?? tool.parametersJsonSchema;
  return {
    type: 'function',
    function: {
      name: tool.name,
      ...(stringOf(tool.description) === undefined ? {} : { description: textIn(tool.description) }),
      ...(parameters === undefined || parameters === null ? {} : { parameters: unpack(parameters) }),
    },
  };
}

/** Names of settings as OpenAI's chat has them. */
const PARAMS: { readonly [name: string]: string } = {
  temperature: 'temperature',
  top_p: 'top_p',
  topP: 'top_p',
  top_k: 'top_k',
  topK: 'top_k',
  max_tokens: 'max_tokens',
  maxTokens: 'max_tokens',
  maxOutputTokens: 'max_tokens',
  frequency_penalty: 'frequency_penalty',
  frequencyPenalty: 'frequency_penalty',
  presence_penalty: 'presence_penalty',
  presencePenalty: 'presence_penalty',
  seed: 'seed',
  stop_sequences: 'stop',
  stopSequences: 'stop',
  'choice.count': 'n',
  reasoning_effort: 'reasoning_effort',
};

const PARAM_NAMES: readonly [theirs: string, ours: string][] = ['gen_ai.request.', 'ai.settings.'].flatMap(
  (prefix) => Object.entries(PARAMS).map(([theirs, ours]): [string, string] => [prefix + theirs, ours]),
);

/** What the conversation itself has a place for. */
const ELSEWHERE: ReadonlySet<string> = new Set(['messages', 'input', 'model', 'tools', 'stream']);

function paramsOf({ attributes, params }: ChatParts): JsonObject {
  const found: JsonObject = {};
  for (const [theirs, ours] of PARAM_NAMES) {
    const value = attributes[theirs];
    if (value === undefined || value === null || found[ours] !== undefined) continue;
    found[ours] = Array.isArray(value) ? value : (numberOf(value) ?? value);
  }
  const told = params === undefined || params === null ? undefined : unpack(params);
  if (!isObject(told)) return found;
  const rest = Object.entries(told).filter(([name, value]) => !ELSEWHERE.has(name) && value !== null);
  return { ...found, ...Object.fromEntries(rest) };
}

/** What the first turns instruct. */
function systemOf(turns: readonly JsonObject[]): string {
  const texts = turns.filter(({ role }) => role === 'system').map(({ content }) => textIn(content));
  return texts.filter((text) => text !== '').join('\n\n');
}
