import type { Call } from '../call.ts';
import { featurePath } from '../feature-paths.ts';
import type { JsonObject } from '../json.ts';
import type { Loss } from '../loss.ts';
import { addForeignLosses, createLosses, type Losses, wordsOf } from '../losses.ts';
import { withUsage } from '../openai-chat/with-usage.ts';
import { writeSampling } from '../openai-chat/write-sampling.ts';
import type { Words } from '../words.ts';
import { ID } from './wire.ts';
import { writePrompt } from './write-prompt.ts';

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
  writeSampling(body, call, { losses, isOwn });
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
