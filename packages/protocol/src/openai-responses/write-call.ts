import type { Call } from '../call.ts';
import type { CallerDialectId } from '../dialect.ts';
import { effortOf } from '../effort-of.ts';
import type { JsonObject } from '../json.ts';
import type { Loss } from '../loss.ts';
import { addForeignLosses, createLosses, type Losses, wordsOf } from '../losses.ts';
import { dropForeignSeals } from './drop-seals.ts';
import { ID, INCLUDE_LOGPROBS, INCLUDE_THINKING } from './wire.ts';
import { writeFormat } from './write-format.ts';
import { writeInput } from './write-input.ts';
import { isTier } from './write-reply.ts';
import { writeTool, writeToolChoice } from './write-tools.ts';

type Writing = { body: JsonObject; call: Call; losses: Losses; isOwn: boolean };

/** OpenAI refuses a smaller limit. */
const OUTPUT_TOKENS_MIN = 16;

/**
 * Writes a request for a response. A call that came in this dialect goes on as it came, with the model replaced and
 * without the seals of other makers, which OpenAI would refuse. The provider is asked to store nothing of a call from
 * another dialect, whose caller could not know that it does.
 */
export function writeCall(call: Call, model: string): { body: JsonObject; losses: Loss[] } {
  const losses = createLosses();
  if (call.wire?.dialect === ID) {
    const body = { ...dropForeignSeals(call.wire.body, wordsOf(call), losses), model };
    return { body, losses: losses.list() };
  }
  const isOwn = call.extra.dialect === ID;
  const body: JsonObject = { model, ...writeInput(call, losses) };
  const writing: Writing = { body, call, losses, isOwn };
  addForeignLosses(call, ID, losses);
  writeTools(writing);
  writeSampling(writing);
  writeText(writing);
  writeThinking(writing);
  writeLabels(writing);
  writeOutputMax(writing);
  writeInclude(writing);
  if (!isOwn) body.store = false;
  if (isOwn) addOwnFields(body, call.extra.fields);
  if (call.stream) body.stream = true;
  return { body, losses: losses.list() };
}

/** A name with a dot is a path: `reasoning.summary`. */
function addOwnFields(body: JsonObject, fields: JsonObject): void {
  for (const [path, value] of Object.entries(fields)) {
    const [outer = '', inner] = path.split('.', 2);
    if (inner === undefined) body[outer] = outer === 'include' ? (body.include ?? value) : value;
    else body[outer] = { ...(isFields(body[outer]) ? body[outer] : {}), [inner]: value };
  }
}

function isFields(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

function writeTools({ body, call, losses, isOwn }: Writing): void {
  const tools = call.tools.flatMap((tool) => writeTool(tool, call, losses));
  if (tools.length > 0) body.tools = tools;
  // A choice without tools is refused; only a caller of this dialect may find that out by itself.
  if (tools.length === 0 && !isOwn) {
    if (call.tools.length > 0 && call.toolChoice !== undefined)
      losses.add(wordsOf(call).toolChoice, 'unsupported');
    return;
  }
  if (call.toolChoice !== undefined) body.tool_choice = writeToolChoice(call.toolChoice);
  if (call.parallelTools !== undefined) body.parallel_tool_calls = call.parallelTools;
}

function writeSampling({ body, call, losses, isOwn }: Writing): void {
  const { temperature, topP, ...rest } = call.sampling;
  const words = wordsOf(call);
  if (temperature !== undefined) body.temperature = temperature;
  if (topP !== undefined) body.top_p = topP;
  const names = {
    topK: 'top_k',
    seed: 'seed',
    frequencyPenalty: 'frequency_penalty',
    presencePenalty: 'presence_penalty',
  } as const;
  for (const name of ['topK', 'seed', 'frequencyPenalty', 'presencePenalty'] as const) {
    const value = rest[name];
    if (value === undefined) continue;
    if (isOwn) body[names[name]] = value;
    // A penalty of 0 is none.
    else if (value !== 0 || name === 'seed' || name === 'topK') losses.add(words[name], 'unsupported');
  }
  if (call.stop.length === 0) return;
  if (isOwn) body.stop = call.stop;
  else losses.add(words.stop, 'unsupported');
}

const OPENAI: readonly CallerDialectId[] = ['openai-chat', 'openai-completions', ID];

function writeText({ body, call, losses }: Writing): void {
  const { format, verbosity } = call;
  const text: JsonObject = {};
  if (format !== undefined) text.format = writeFormat(format);
  // A caller who named no strictness had a guarantee that this dialect gives only under stricter rules.
  const isLooser = format?.kind === 'schema' && format.strict === undefined;
  if (isLooser && !OPENAI.includes(call.extra.dialect)) losses.add(wordsOf(call).format, 'changed');
  if (verbosity !== undefined) text.verbosity = verbosity;
  if (format !== undefined || verbosity !== undefined) body.text = text;
}

/**
 * Only `none` to `max` can be said. Most models refuse `none` although they do not think, so it is written only for a
 * caller who said it in these words; a budget becomes the nearest effort.
 */
function writeThinking({ body, call, losses, isOwn }: Writing): void {
  const { thinking } = call;
  if (thinking === undefined) return;
  const path = wordsOf(call).thinking;
  if (thinking.kind === 'off') {
    if (isOwn) body.reasoning = { effort: 'none' };
    else losses.add(path, 'unsupported');
    return;
  }
  const effort = thinking.effort ?? (thinking.kind === 'budget' ? effortOf(thinking.tokens) : undefined);
  if (effort !== undefined) body.reasoning = { effort };
  if (thinking.kind !== 'effort') losses.add(path, effort === undefined ? 'unsupported' : 'changed');
}

function writeLabels({ body, call, losses, isOwn }: Writing): void {
  const { user, metadata, promptCacheKey, safetyIdentifier, serviceTier, modalities } = call;
  const words = wordsOf(call);
  if (user !== undefined) body.user = user;
  if (metadata !== undefined) body.metadata = metadata;
  if (promptCacheKey !== undefined) body.prompt_cache_key = promptCacheKey;
  if (safetyIdentifier !== undefined) body.safety_identifier = safetyIdentifier;
  if (serviceTier !== undefined) {
    if (isOwn || isTier(serviceTier)) body.service_tier = serviceTier;
    else losses.add(words.serviceTier, 'unsupported');
  }
  if (modalities?.some((modality) => modality !== 'text')) losses.add(words.modalities, 'unsupported');
}

function writeOutputMax({ body, call, losses, isOwn }: Writing): void {
  const { outputTokensMax: max } = call;
  if (max === undefined) return;
  const isTooSmall = !isOwn && max < OUTPUT_TOKENS_MIN;
  body.max_output_tokens = isTooSmall ? OUTPUT_TOKENS_MIN : max;
  if (isTooSmall) losses.add(wordsOf(call).outputTokensMax, 'changed');
}

/** Thinking comes encrypted by default; models that do not think refuse to be asked for it. */
function writeInclude({ body, call, isOwn }: Writing): void {
  const own = isOwn ? call.extra.fields.include : undefined;
  const include = Array.isArray(own) ? [...own] : [];
  if (call.logprobs !== undefined) {
    include.push(INCLUDE_LOGPROBS);
    body.top_logprobs = call.logprobs.top;
  }
  if (!isOwn && body.reasoning !== undefined) include.push(INCLUDE_THINKING);
  if (include.length > 0) body.include = include;
}
