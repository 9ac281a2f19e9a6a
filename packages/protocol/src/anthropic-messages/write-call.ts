import type { Call, Tool } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Loss } from '../loss.ts';
import { addForeignLosses, createLosses, type Losses, wordsOf } from '../losses.ts';
import { ID, OUTPUT_TOKENS_DEFAULT, writeCache } from './wire.ts';
import { writeMessages, writeTexts } from './write-message.ts';

type Writing = { body: JsonObject; call: Call; losses: Losses; isOwn: boolean };

/**
 * Writes a Messages request. A call that came in this dialect goes on as it came, with only the model replaced. The
 * wire requires `max_tokens`: a call without a limit gets 8,192 beside its thinking budget, and that is a loss.
 */
export function writeCall(call: Call, model: string): { body: JsonObject; losses: Loss[] } {
  if (call.wire?.dialect === ID) return { body: { ...call.wire.body, model }, losses: [] };
  const losses = createLosses();
  const body: JsonObject = { model, max_tokens: 0 };
  const isOwn = call.extra.dialect === ID;
  const writing: Writing = { body, call, losses, isOwn };
  if (isOwn) Object.assign(body, call.extra.fields);
  addForeignLosses(call, ID, losses);
  if (call.system.length > 0) body.system = writeTexts(call.system);
  body.messages = writeMessages(call, losses);
  writeOutputMax(writing);
  writeTools(writing);
  writeSampling(writing);
  writeThinking(writing);
  writeFormat(writing);
  if (call.user !== undefined) body.metadata = { user_id: call.user };
  if (call.stream) body.stream = true;
  return { body, losses: losses.list() };
}

function writeOutputMax({ body, call, losses }: Writing): void {
  const budget = call.thinking?.kind === 'budget' ? call.thinking.tokens : 0;
  body.max_tokens = call.outputTokensMax ?? budget + OUTPUT_TOKENS_DEFAULT;
  if (call.outputTokensMax === undefined) losses.add(wordsOf(call).outputTokensMax, 'lowered');
}

function writeTools(writing: Writing): void {
  const { body, call, isOwn } = writing;
  const tools = call.tools.flatMap((tool) => writeTool(tool, writing));
  if (tools.length > 0) body.tools = tools;
  // A choice without tools is refused; only a caller of this dialect may find that out by itself.
  if (tools.length === 0 && !isOwn) return;
  const choice = writeToolChoice(call);
  if (choice !== undefined) body.tool_choice = choice;
}

function writeTool(tool: Tool, { call, losses }: Writing): JsonObject[] {
  if (tool.kind === 'opaque') {
    const value = isObject(tool.value) ? tool.value : {};
    if (tool.dialect === ID) return [value];
    losses.add(`tools[].${typeof value.type === 'string' ? value.type : 'unknown'}`, 'unsupported');
    return [];
  }
  if (tool.kind === 'web-search') {
    if (tool.wire.dialect === ID && isObject(tool.wire.value)) return [tool.wire.value];
    losses.add(wordsOf(call).webSearch, 'unsupported');
    return [];
  }
  const wire: JsonObject = {
    name: tool.name,
    input_schema: isObject(tool.schema) ? tool.schema : { type: 'object' },
  };
  if (tool.description !== undefined) wire.description = tool.description;
  if (tool.strict !== undefined) wire.strict = tool.strict;
  if (tool.cache !== undefined) wire.cache_control = writeCache(tool.cache);
  return [wire];
}

/** The switch for parallel calls is part of the choice here, and `none` has no room for it. */
function writeToolChoice({ toolChoice, parallelTools }: Call): JsonObject | undefined {
  if (toolChoice?.kind === 'none') return { type: 'none' };
  if (toolChoice === undefined && parallelTools !== false) return undefined;
  const wire: JsonObject = { type: typeOf(toolChoice) };
  if (toolChoice?.kind === 'tool') wire.name = toolChoice.name;
  if (parallelTools !== undefined) wire.disable_parallel_tool_use = !parallelTools;
  return wire;
}

function typeOf(choice: Call['toolChoice']): string {
  if (choice?.kind === 'allowed') return choice.isRequired ? 'any' : 'auto';
  return choice?.kind === 'required' ? 'any' : (choice?.kind ?? 'auto');
}

function writeSampling({ body, call, losses, isOwn }: Writing): void {
  const { temperature, topP, topK, seed, frequencyPenalty, presencePenalty } = call.sampling;
  if (temperature !== undefined) body.temperature = isOwn ? temperature : Math.min(temperature, 1);
  if (temperature !== undefined && temperature > 1 && !isOwn) losses.add('temperature', 'lowered');
  // Current models refuse both together; other clients send the default `top_p` of 1 along as a matter of course.
  if (topP !== undefined && (isOwn || temperature === undefined)) body.top_p = topP;
  else if (topP !== undefined && topP !== 1) losses.add('top_p', 'unsupported');
  if (topK !== undefined) body.top_k = topK;
  if (seed !== undefined) losses.add('seed', 'unsupported');
  if (frequencyPenalty) losses.add('frequency_penalty', 'unsupported');
  if (presencePenalty) losses.add('presence_penalty', 'unsupported');
  // A sequence of white space alone is refused.
  const stops = isOwn ? call.stop : call.stop.filter((stop) => stop.trim() !== '');
  if (stops.length > 0) body.stop_sequences = stops;
  if (stops.length < call.stop.length) losses.add(wordsOf(call).stop, 'changed');
}

function writeThinking({ body, call, losses, isOwn }: Writing): void {
  const { thinking } = call;
  if (thinking === undefined) return;
  if (thinking.kind === 'off') body.thinking = { type: 'disabled' };
  if (thinking.kind === 'adaptive') body.thinking = { type: 'adaptive' };
  if (thinking.kind === 'budget') body.thinking = { type: 'enabled', budget_tokens: thinking.tokens };
  if (thinking.effort === undefined) return;
  // `minimal` is a word that only OpenAI has.
  const isUnknown = thinking.effort === 'minimal';
  if (isUnknown) losses.add(wordsOf(call).thinking, 'changed');
  body.output_config = { effort: isUnknown ? 'low' : thinking.effort };
  if (!isOwn && thinking.kind === 'effort' && mayThink(call)) body.thinking = { type: 'adaptive' };
}

/** An effort elsewhere means thinking, which this wire refuses beside a forced tool or a chosen sampling. */
function mayThink({ toolChoice, sampling }: Call): boolean {
  const isForced = toolChoice?.kind === 'required' || toolChoice?.kind === 'tool';
  const isSampled =
    (sampling.temperature ?? 1) !== 1 || (sampling.topP ?? 1) !== 1 || sampling.topK !== undefined;
  return !isForced && !isSampled;
}

/** A schema is always strict here; its name is a label without meaning to the model and is not told as a loss. */
function writeFormat({ body, call, losses }: Writing): void {
  const { format } = call;
  const words = wordsOf(call);
  if (format?.kind === 'json') losses.add(words.format, 'unsupported');
  if (format?.kind !== 'schema') return;
  const config = isObject(body.output_config) ? body.output_config : {};
  body.output_config = { ...config, format: { type: 'json_schema', schema: format.schema } };
  if (format.description !== undefined) losses.add(`${words.format}.json_schema.description`, 'unsupported');
  if (format.strict === false) losses.add(`${words.format}.json_schema.strict`, 'changed');
}
