import type { Call, OutputFormat } from '../call.ts';
import { effortOf } from '../effort-of.ts';
import type { JsonObject } from '../json.ts';
import type { Loss } from '../loss.ts';
import { addForeignLosses, createLosses, type Losses, wordsOf } from '../losses.ts';
import { ID } from './wire.ts';
import { withUsage } from './with-usage.ts';
import { writeMessages } from './write-message.ts';
import { writeSampling } from './write-sampling.ts';
import { writeTools } from './write-tools.ts';

/**
 * Writes a chat completion request. A call that came in this dialect goes on as it came, with only the model and the
 * wish for usage replaced.
 */
export function writeCall(call: Call, model: string): { body: JsonObject; losses: Loss[] } {
  if (call.wire?.dialect === ID) return { body: withUsage({ ...call.wire.body, model }, call), losses: [] };
  const losses = createLosses();
  const body: JsonObject = { model, messages: writeMessages(call, losses) };
  if (call.extra.dialect === ID) Object.assign(body, call.extra.fields);
  addForeignLosses(call, ID, losses);
  writeTools(body, call, losses);
  writeSampling(body, call, { losses, isOwn: call.extra.dialect === ID });
  if (call.format !== undefined) body.response_format = writeFormat(call.format);
  // A caller who named no strictness had a guarantee that this dialect gives only under stricter rules.
  if (call.format?.kind === 'schema' && call.format.strict === undefined && call.extra.dialect !== ID)
    losses.add(wordsOf(call).format, 'changed');
  writeThinking(body, call, losses);
  if (call.outputTokensMax !== undefined) body.max_completion_tokens = call.outputTokensMax;
  writeNames(body, call);
  if (call.stream) body.stream = true;
  return { body: withUsage(body, call), losses: losses.list() };
}

function writeNames(body: JsonObject, call: Call): void {
  if (call.user !== undefined) body.user = call.user;
  if (call.serviceTier !== undefined) body.service_tier = call.serviceTier;
  if (call.metadata !== undefined) body.metadata = call.metadata;
  if (call.promptCacheKey !== undefined) body.prompt_cache_key = call.promptCacheKey;
  if (call.safetyIdentifier !== undefined) body.safety_identifier = call.safetyIdentifier;
  if (call.verbosity !== undefined) body.verbosity = call.verbosity;
  // Text is what models give, and some servers refuse to be asked for it.
  const isTextAlone = call.modalities?.every((modality) => modality === 'text') ?? true;
  if (call.modalities !== undefined && (!isTextAlone || call.extra.dialect === ID))
    body.modalities = call.modalities;
  if (call.logprobs === undefined) return;
  body.logprobs = true;
  if (call.logprobs.top > 0) body.top_logprobs = call.logprobs.top;
}

function writeFormat(format: OutputFormat): JsonObject {
  if (format.kind === 'text') return { type: 'text' };
  if (format.kind === 'json') return { type: 'json_object' };
  const named: JsonObject = { name: format.name, schema: format.schema };
  if (format.description !== undefined) named.description = format.description;
  if (format.strict !== undefined) named.strict = format.strict;
  return { type: 'json_schema', json_schema: named };
}

/**
 * Only `none` to `max` can be said. Most models refuse `none` although they do not think, so it is written only for a
 * caller who said it in these words; a budget becomes the nearest effort.
 */
function writeThinking(body: JsonObject, call: Call, losses: Losses): void {
  const { thinking } = call;
  if (thinking === undefined) return;
  const path = wordsOf(call).thinking;
  const isOwn = call.extra.dialect === ID;
  if (thinking.kind === 'off') {
    if (isOwn) body.reasoning_effort = 'none';
    else losses.add(path, 'unsupported');
    return;
  }
  const effort = thinking.effort ?? (thinking.kind === 'budget' ? effortOf(thinking.tokens) : undefined);
  if (effort !== undefined) body.reasoning_effort = effort;
  if (thinking.kind !== 'effort') losses.add(path, effort === undefined ? 'unsupported' : 'changed');
}
