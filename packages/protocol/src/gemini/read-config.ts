import type { Call, Thinking } from '../call.ts';
import { STOPS_MAX } from '../call-bounds.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import {
  objectAt,
  optionalBoolean,
  optionalCount,
  optionalNumber,
  optionalObject,
  optionalString,
  textsAt,
} from '../read-field.ts';
import { readSampling } from '../read-sampling.ts';
import type { Unread } from '../unread.ts';
import { readSchema } from './json-schema.ts';
import { camelled, refuseTwice } from './wire.ts';

const AT = 'generationConfig';
const THINKING_FIELDS = new Set(['thinkingBudget', 'thinkingLevel', 'includeThoughts']);
const SAMPLING = {
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  seed: 'seed',
  presencePenalty: 'presencePenalty',
  frequencyPenalty: 'frequencyPenalty',
};
const KNOWN = new Set([
  ...Object.values(SAMPLING),
  'maxOutputTokens',
  'stopSequences',
  'responseLogprobs',
  'logprobs',
  'responseModalities',
  'thinkingConfig',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
]);

/** The wire has no name for a schema; other dialects ask for one. */
const SCHEMA_NAME = 'response';
const MODALITIES_MAX = 10;

/** What has no name in a call is kept under its path, `generationConfig.speechConfig` say. */
export function readConfig(call: Call, value: Json | undefined, unread: Unread): void {
  if (value === undefined || value === null) return;
  const given = objectAt(value, AT);
  refuseTwice(given, AT);
  const config = camelled(given);
  const { fields } = call.extra;
  for (const key in config) {
    if (KNOWN.has(key) || key === '__proto__' || config[key] === null) continue;
    // One candidate is what everybody gives.
    if (key !== 'candidateCount' || config[key] !== 1) fields[`${AT}.${key}`] = config[key];
  }
  call.sampling = readSampling(config, SAMPLING, AT);
  const max = optionalCount(config, 'maxOutputTokens', AT);
  if (max !== undefined) call.outputTokensMax = max;
  call.stop = textsAt(config.stopSequences, `${AT}.stopSequences`, STOPS_MAX);
  readLogprobs(call, config);
  const modalities = textsAt(config.responseModalities, `${AT}.responseModalities`, MODALITIES_MAX);
  if (modalities.length > 0) call.modalities = modalities.map((modality) => modality.toLowerCase());
  readFormat(call, config);
  readThinking(call, config, unread);
}

function readLogprobs(call: Call, config: JsonObject): void {
  const isAsked = optionalBoolean(config, 'responseLogprobs', AT) ?? false;
  const top = optionalCount(config, 'logprobs', AT) ?? 0;
  if (isAsked) call.logprobs = { top };
}

/** `text/x.enum` answers with a bare word, which no schema of others can ask for. */
function readFormat(call: Call, config: JsonObject): void {
  const type = optionalString(config, 'responseMimeType', AT);
  const schema = optionalObject(config, 'responseJsonSchema', AT);
  const subset = optionalObject(config, 'responseSchema', AT);
  const found = schema ?? (subset === undefined ? undefined : readSchema(subset));
  const isJson = type === undefined || type === 'application/json';
  if (isJson && found !== undefined) call.format = { kind: 'schema', name: SCHEMA_NAME, schema: found };
  else if (type === 'application/json') call.format = { kind: 'json' };
  else if (type === 'text/plain') call.format = { kind: 'text' };
  else if (type !== undefined) {
    call.extra.fields[`${AT}.responseMimeType`] = type;
    if (isObject(config.responseSchema)) call.extra.fields[`${AT}.responseSchema`] = config.responseSchema;
  }
}

/** A budget of 0 is none and of -1 the model's own choice. To ask for thoughts alone is to ask for thinking. */
function readThinking(call: Call, config: JsonObject, unread: Unread): void {
  const given = optionalObject(config, 'thinkingConfig', AT);
  if (given === undefined) return;
  const at = `${AT}.thinkingConfig`;
  const wire = camelled(given);
  unread.note(wire, THINKING_FIELDS, at);
  const tokens = optionalNumber(wire, 'thinkingBudget', at);
  const level = optionalString(wire, 'thinkingLevel', at);
  const isShown = optionalBoolean(wire, 'includeThoughts', at) ?? false;
  const thinking = thinkingOf(tokens, level);
  if (thinking !== undefined) call.thinking = thinking;
  else if (isShown) call.thinking = { kind: 'adaptive' };
}

function thinkingOf(tokens: number | undefined, level: string | undefined): Thinking | undefined {
  if (level !== undefined && !level.endsWith('UNSPECIFIED'))
    return { kind: 'effort', effort: level.toLowerCase() };
  if (tokens === undefined) return undefined;
  if (tokens === 0) return { kind: 'off' };
  return tokens < 0 ? { kind: 'adaptive' } : { kind: 'budget', tokens };
}
