import type { Call } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Loss } from '../loss.ts';
import { addForeignLosses, createLosses, type Losses, wordsOf } from '../losses.ts';
import { dropForeign } from './drop-foreign.ts';
import { ID, OUTPUT_TOKENS_DEFAULT, TIER_ASKED } from './wire.ts';
import { writeMessages, writeSystem } from './write-message.ts';
import { isAnyForced, writeTools } from './write-tools.ts';

type Writing = { body: JsonObject; call: Call; losses: Losses; isOwn: boolean };

/**
 * Writes a Messages request. A call that came in this dialect goes on as it came, with only the model replaced and other
 * makers' seals left out. The wire requires `max_tokens`: a call without a limit gets 8,192 beside its thinking budget, and that is a loss.
 */
export function writeCall(call: Call, model: string): { body: JsonObject; losses: Loss[] } {
  const losses = createLosses();
  if (call.wire?.dialect === ID) {
    const body = { ...dropForeign(call.wire.body, call, losses), model };
    return { body, losses: losses.list() };
  }
  const body: JsonObject = { model, max_tokens: 0 };
  const isOwn = call.extra.dialect === ID;
  const writing: Writing = { body, call, losses, isOwn };
  if (isOwn) Object.assign(body, call.extra.fields);
  addForeignLosses(call, ID, losses);
  if (call.system.length > 0) body.system = writeSystem(call, losses);
  body.messages = writeMessages(call, losses);
  writeOutputMax(writing);
  writeTools(writing);
  writeSampling(writing);
  writeThinking(writing);
  writeFormat(writing);
  if (call.user !== undefined) body.metadata = { user_id: call.user };
  writeTier(writing);
  addUnsayable(writing);
  if (call.stream) body.stream = true;
  return { body, losses: losses.list() };
}

function writeOutputMax({ body, call, losses }: Writing): void {
  const budget = call.thinking?.kind === 'budget' ? call.thinking.tokens : 0;
  body.max_tokens = call.outputTokensMax ?? budget + OUTPUT_TOKENS_DEFAULT;
  if (call.outputTokensMax === undefined) losses.add(wordsOf(call).outputTokensMax, 'lowered');
}

/** A caller of another dialect who leaves the choice to the provider says nothing; a queue that is not here is a loss. */
function writeTier({ body, call: { serviceTier }, call, losses, isOwn }: Writing): void {
  if (serviceTier === undefined) return;
  if (serviceTier === 'default') body.service_tier = TIER_ASKED;
  else if (isOwn) body.service_tier = serviceTier;
  else if (serviceTier !== 'auto') losses.add(wordsOf(call).serviceTier, 'unsupported');
}

/** What the wire has no field for. A wish for text alone asks for nothing. */
function addUnsayable({ call, losses }: Writing): void {
  const words = wordsOf(call);
  const { logprobs, metadata, promptCacheKey, safetyIdentifier, verbosity, modalities } = call;
  const asked = { logprobs, metadata, promptCacheKey, safetyIdentifier, verbosity };
  for (const [name, value] of Object.entries(asked) as [keyof typeof asked, unknown][]) {
    if (value !== undefined) losses.add(words[name], 'unsupported');
  }
  if (modalities?.some((modality) => modality !== 'text')) losses.add(words.modalities, 'unsupported');
}

function writeSampling({ body, call, losses, isOwn }: Writing): void {
  const words = wordsOf(call);
  const { temperature, topP, topK, seed, frequencyPenalty, presencePenalty } = call.sampling;
  if (temperature !== undefined) body.temperature = isOwn ? temperature : Math.min(temperature, 1);
  if (temperature !== undefined && temperature > 1 && !isOwn) losses.add(words.temperature, 'lowered');
  // Current models refuse both together; other clients send the default `top_p` of 1 along as a matter of course.
  if (topP !== undefined && (isOwn || temperature === undefined)) body.top_p = topP;
  else if (topP !== undefined && topP !== 1) losses.add(words.topP, 'unsupported');
  if (topK !== undefined) body.top_k = topK;
  if (seed !== undefined) losses.add(words.seed, 'unsupported');
  if (frequencyPenalty) losses.add(words.frequencyPenalty, 'unsupported');
  if (presencePenalty) losses.add(words.presencePenalty, 'unsupported');
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
  const isForced = isAnyForced(toolChoice) || toolChoice?.kind === 'tool';
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
