import type { Call, Thinking } from '../call.ts';
import type { Json, JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { ID, isGemini3 } from './wire.ts';

type Writing = { config: JsonObject; call: Call; losses: Losses };

/** Everything about how to generate. `config` may hold what a caller of this dialect said that has no name in a call. */
export function writeConfig(writing: Writing, model: string): void {
  const { config, call } = writing;
  const { temperature, topP, topK, seed, presencePenalty, frequencyPenalty } = call.sampling;
  put(config, 'temperature', temperature);
  put(config, 'topP', topP);
  put(config, 'topK', topK);
  put(config, 'seed', seed);
  put(config, 'presencePenalty', presencePenalty);
  put(config, 'frequencyPenalty', frequencyPenalty);
  put(config, 'maxOutputTokens', call.outputTokensMax);
  if (call.stop.length > 0) config.stopSequences = call.stop;
  if (call.logprobs !== undefined) {
    config.responseLogprobs = true;
    if (call.logprobs.top > 0) config.logprobs = call.logprobs.top;
  }
  const isTextAlone = call.modalities?.every((modality) => modality === 'text') ?? true;
  // Text is what models give, and some refuse to be asked for it.
  if (call.modalities !== undefined && (!isTextAlone || call.extra.dialect === ID))
    config.responseModalities = call.modalities.map((modality) => modality.toUpperCase());
  writeFormat(writing);
  const thinking = writeThinking(writing, model);
  if (thinking !== undefined) config.thinkingConfig = thinking;
}

function put(config: JsonObject, name: string, value: Json | undefined): void {
  if (value !== undefined) config[name] = value;
}

/** A schema is always kept here; its name is a label without meaning to the model and is not told as a loss. */
function writeFormat({ config, call, losses }: Writing): void {
  const { format } = call;
  if (format === undefined) return;
  const words = wordsOf(call);
  config.responseMimeType = format.kind === 'text' ? 'text/plain' : 'application/json';
  if (format.kind !== 'schema') return;
  config.responseJsonSchema = format.schema;
  if (format.description !== undefined) losses.add(words.format, 'unsupported');
  if (format.strict === false) losses.add(words.format, 'changed');
}

/**
 * Gemini 3 takes levels and those before it budgets. Whoever asks in another dialect gets to see the thoughts, as that
 * dialect shows them unasked.
 */
function writeThinking({ call, losses }: Writing, model: string): JsonObject | undefined {
  const { thinking } = call;
  if (thinking === undefined) return undefined;
  const path = wordsOf(call).thinking;
  const wire = isGemini3(model) ? levelOf(thinking, model) : budgetOf(thinking, model);
  if (wire.isChanged) losses.add(path, 'changed');
  return thinking.kind === 'off' ? wire.field : { ...wire.field, includeThoughts: true };
}

type Written = { field: JsonObject; isChanged: boolean };

/** Source: Google's page on thinking, the table of levels by model. The two first Pro models have no middle. */
function levelOf(thinking: Thinking, model: string): Written {
  const isPro = model.includes('-pro');
  if (thinking.kind === 'off')
    return { field: { thinkingLevel: isPro ? 'LOW' : 'MINIMAL' }, isChanged: true };
  if (thinking.kind === 'budget')
    return { field: { thinkingBudget: thinking.tokens }, isChanged: thinking.effort !== undefined };
  const { effort } = thinking;
  if (effort === undefined) return { field: {}, isChanged: false };
  let level = LEVELS.get(effort) ?? 'HIGH';
  if (isPro && level === 'MINIMAL') level = 'LOW';
  if (model.includes('gemini-3-pro') && level === 'MEDIUM') level = 'HIGH';
  return { field: { thinkingLevel: level }, isChanged: level.toLowerCase() !== effort };
}

/** Source: Google's page on OpenAI's libraries, the table of efforts and budgets; 2.5 Pro cannot be kept from thinking. */
function budgetOf(thinking: Thinking, model: string): Written {
  if (thinking.kind === 'off') {
    const isPro = model.includes('gemini-2.5-pro');
    return { field: { thinkingBudget: isPro ? 128 : 0 }, isChanged: isPro };
  }
  if (thinking.kind === 'budget')
    return { field: { thinkingBudget: thinking.tokens }, isChanged: thinking.effort !== undefined };
  if (thinking.effort === undefined) return { field: { thinkingBudget: -1 }, isChanged: false };
  return { field: { thinkingBudget: BUDGETS.get(thinking.effort) ?? 24_576 }, isChanged: true };
}

const LEVELS: ReadonlyMap<string, string> = new Map([
  ['minimal', 'MINIMAL'],
  ['low', 'LOW'],
  ['medium', 'MEDIUM'],
  ['high', 'HIGH'],
]);

const BUDGETS: ReadonlyMap<string, number> = new Map([
  ['minimal', 1_024],
  ['low', 1_024],
  ['medium', 8_192],
]);
