import type { Call } from '../call.ts';
import type { JsonObject } from '../json.ts';
import type { Loss } from '../loss.ts';
import { addForeignLosses, createLosses, type Losses, wordsOf } from '../losses.ts';
import type { Words } from '../words.ts';
import { type Family, familyOf, ID } from './wire.ts';
import { writeMessages, writeSystem } from './write-message.ts';
import { writeModelFields } from './write-model-fields.ts';
import { writeTools } from './write-tools.ts';

export type Writing = { body: JsonObject; call: Call; losses: Losses; words: Words; family: Family };

/** The wire's own bound on `requestMetadata`: entries, and characters of a key or value. */
const LABELS_MAX = 16;
const LABEL = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;
const TIERS: ReadonlySet<string> = new Set(['default', 'flex', 'priority', 'reserved']);

/** Writes a Converse request. The model and whether the reply is a stream stand in the path, not in the body. */
export function writeCall(call: Call, model: string): { body: JsonObject; losses: Loss[] } {
  const losses = createLosses();
  const body: JsonObject = {};
  const writing: Writing = { body, call, losses, words: wordsOf(call), family: familyOf(model) };
  addForeignLosses(call, ID, losses);
  if (call.system.length > 0) body.system = writeSystem(writing);
  body.messages = writeMessages(writing);
  writeTools(writing);
  writeInference(writing);
  writeModelFields(writing);
  writeFormat(writing);
  writeLabels(writing);
  addUnsaid(writing);
  return { body, losses: losses.list() };
}

function writeInference({ body, call, losses, words, family }: Writing): void {
  const { temperature, topP } = call.sampling;
  const config: JsonObject = {};
  if (call.outputTokensMax !== undefined) config.maxTokens = call.outputTokensMax;
  if (temperature !== undefined) config.temperature = Math.min(temperature, 1);
  if (temperature !== undefined && temperature > 1) losses.add(words.temperature, 'lowered');
  // Current Claude models refuse both together; other clients send the default `top_p` of 1 as a matter of course.
  if (topP !== undefined && (family !== 'claude' || temperature === undefined)) config.topP = topP;
  else if (topP !== undefined && topP !== 1) losses.add(words.topP, 'unsupported');
  // A sequence of white space alone is refused.
  const stops = call.stop.filter((stop) => stop.trim() !== '');
  if (stops.length < call.stop.length) losses.add(words.stop, 'changed');
  if (stops.length > 0) {
    config.stopSequences = stops;
    // Without it a reply does not tell which sequence ended it. What a model does not have is passed over.
    body.additionalModelResponseFieldPaths = ['/stop_sequence'];
  }
  if (Object.keys(config).length > 0) body.inferenceConfig = config;
}

/** The schema travels as a text and is always strict. */
function writeFormat({ body, call: { format }, losses, words }: Writing): void {
  if (format?.kind === 'json') losses.add(words.format, 'unsupported');
  if (format?.kind !== 'schema') return;
  const jsonSchema: JsonObject = { name: format.name, schema: JSON.stringify(format.schema) };
  if (format.description !== undefined) jsonSchema.description = format.description;
  body.outputConfig = { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
  if (format.strict === false) losses.add(words.format, 'changed');
}

function writeLabels({ body, call, losses, words }: Writing): void {
  const { serviceTier, metadata } = call;
  if (serviceTier !== undefined && TIERS.has(serviceTier)) body.serviceTier = { type: serviceTier };
  else if (serviceTier !== undefined && serviceTier !== 'auto') losses.add(words.serviceTier, 'unsupported');
  const labels = Object.entries(metadata ?? {});
  const said = labels
    .filter(([key, value]) => key !== '' && LABEL.test(key) && LABEL.test(value))
    .slice(0, LABELS_MAX);
  if (said.length > 0) body.requestMetadata = Object.fromEntries(said);
  if (said.length < labels.length) losses.add(words.metadata, said.length === 0 ? 'unsupported' : 'changed');
}

/** What the wire has no room for. */
function addUnsaid({ call, losses, words }: Writing): void {
  const { seed, frequencyPenalty, presencePenalty } = call.sampling;
  if (seed !== undefined) losses.add(words.seed, 'unsupported');
  if (frequencyPenalty) losses.add(words.frequencyPenalty, 'unsupported');
  if (presencePenalty) losses.add(words.presencePenalty, 'unsupported');
  if (call.user !== undefined) losses.add(words.user, 'unsupported');
  if (call.logprobs !== undefined) losses.add(words.logprobs, 'unsupported');
  if (call.promptCacheKey !== undefined) losses.add(words.promptCacheKey, 'unsupported');
  if (call.safetyIdentifier !== undefined) losses.add(words.safetyIdentifier, 'unsupported');
  if (call.verbosity !== undefined) losses.add(words.verbosity, 'unsupported');
  if (call.modalities?.some((one) => one !== 'text') === true) losses.add(words.modalities, 'unsupported');
}
