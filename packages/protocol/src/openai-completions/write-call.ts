import type { Call } from '../call.ts';
import { featurePath } from '../feature-paths.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Loss } from '../loss.ts';
import { addForeignLosses, createLosses, type Losses, wordsOf } from '../losses.ts';
import type { Words } from '../words.ts';
import { ID } from './wire.ts';
import { writePrompt } from './write-prompt.ts';

/** OpenAI takes no more; others do, so only a foreign call is cut. */
const STOPS_MAX = 4;
/** Without a limit the wire's own is 16 tokens. */
const OUTPUT_TOKENS_DEFAULT = 1_024;

/**
 * Writes a request for a completion. A call that came in this dialect goes on as it came, with only the model and the
 * wish for usage replaced. Any other becomes one prompt: everything but its text is lost.
 */
export function writeCall(call: Call, model: string): { body: JsonObject; losses: Loss[] } {
  if (call.wire?.dialect === ID) {
    return { body: withUsage({ ...call.wire.body, model }, call), losses: [] };
  }
  const losses = createLosses();
  addForeignLosses(call, ID, losses);
  const isOwn = call.extra.dialect === ID;
  const body: JsonObject = { model, prompt: writePrompt(call, losses) };
  if (isOwn) Object.assign(body, call.extra.fields);
  writeSampling(body, call, losses);
  if (call.user !== undefined) body.user = call.user;
  if (call.logprobs !== undefined) body.logprobs = call.logprobs.top;
  if (call.outputTokensMax !== undefined) body.max_tokens = call.outputTokensMax;
  else if (!isOwn) {
    body.max_tokens = OUTPUT_TOKENS_DEFAULT;
    losses.add(wordsOf(call).outputTokensMax, 'lowered');
  }
  addToolLosses(call, losses);
  addFieldLosses(call, losses);
  if (call.stream) body.stream = true;
  return { body: withUsage(body, call), losses: losses.list() };
}

/** Usage is asked for in every stream: without it nothing could be priced. */
function withUsage(body: JsonObject, call: Call): JsonObject {
  if (!call.stream) return body;
  const options = isObject(body.stream_options) ? body.stream_options : {};
  return { ...body, stream_options: { ...options, include_usage: true } };
}

function writeSampling(body: JsonObject, call: Call, losses: Losses): void {
  const { temperature, topP, topK, seed, frequencyPenalty, presencePenalty } = call.sampling;
  const isOwn = call.extra.dialect === ID;
  const words = wordsOf(call);
  if (temperature !== undefined) body.temperature = temperature;
  if (topP !== undefined) body.top_p = topP;
  if (topK !== undefined && isOwn) body.top_k = topK;
  if (topK !== undefined && !isOwn) losses.add(words.topK, 'unsupported');
  if (seed !== undefined) body.seed = seed;
  if (frequencyPenalty !== undefined) body.frequency_penalty = frequencyPenalty;
  if (presencePenalty !== undefined) body.presence_penalty = presencePenalty;
  if (call.stop.length === 0) return;
  body.stop = isOwn ? call.stop : call.stop.slice(0, STOPS_MAX);
  if (!isOwn && call.stop.length > STOPS_MAX) losses.add(words.stop, 'lowered');
}

function addToolLosses(call: Call, losses: Losses): void {
  const words = wordsOf(call);
  const caller = call.extra.dialect;
  for (const tool of call.tools) {
    losses.add(tool.kind === 'web-search' ? words.webSearch : featurePath('tools', caller), 'unsupported');
    if (tool.kind !== 'function') continue;
    if (tool.cache !== undefined) losses.add(words.cache, 'unsupported');
    if (tool.strict === true) losses.add(featurePath('strict-tool', caller), 'unsupported');
  }
  if (call.toolChoice !== undefined) losses.add(words.toolChoice, 'unsupported');
  if (call.parallelTools === false) losses.add(words.parallelTools, 'unsupported');
}

const FIELDS = [
  'thinking',
  'serviceTier',
  'metadata',
  'promptCacheKey',
  'safetyIdentifier',
  'verbosity',
] as const satisfies (keyof Words & keyof Call)[];

function addFieldLosses(call: Call, losses: Losses): void {
  const words = wordsOf(call);
  for (const name of FIELDS) if (call[name] !== undefined) losses.add(words[name], 'unsupported');
  if (call.format !== undefined && call.format.kind !== 'text') losses.add(words.format, 'unsupported');
  if (call.modalities?.some((modality) => modality !== 'text')) losses.add(words.modalities, 'unsupported');
}
