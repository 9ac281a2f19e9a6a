import type { CallerDialectId, DialectId } from './dialect.ts';
import type { ReplyFeature } from './reply-features.ts';

/** What becomes of a thing in another dialect: it arrives as it was, in another form, or not at all. */
export type Ability = 'kept' | 'changed' | 'lost';

/** Chat, Responses, completions, Messages, Gemini, Converse: the order of every row below. */
type CallRow = readonly [Ability, Ability, Ability, Ability, Ability, Ability];
/** The same without Converse, which no caller speaks. */
type ReplyRow = readonly [Ability, Ability, Ability, Ability, Ability];

const k = 'kept';
const c = 'changed';
const l = 'lost';

/** Everything optional that a call can carry, and what becomes of it on the way to a provider of another dialect. */
const CALL_ROWS = {
  system: [k, k, c, k, k, k],
  'mid-system': [k, k, c, c, c, c],
  tools: [k, k, l, k, k, k],
  'strict-tool': [k, k, l, k, l, k],
  'choice-none': [k, k, l, k, k, c],
  'choice-required': [k, k, l, k, k, k],
  'choice-tool': [k, k, l, k, k, k],
  'choice-allowed': [k, k, l, c, k, c],
  'one-tool': [k, k, l, k, l, l],
  'web-search': [k, k, l, k, k, l],
  'web-search-domains': [l, k, l, k, l, l],
  'tool-result': [k, k, l, k, k, k],
  'result-image': [c, k, l, k, k, k],
  'result-file': [c, k, l, k, k, k],
  'result-error': [l, l, l, k, k, k],
  'image-url': [k, k, l, k, k, l],
  'image-base64': [k, k, l, k, k, k],
  'image-detail': [k, k, l, l, k, l],
  audio: [k, l, l, l, k, k],
  'file-url': [l, k, l, k, k, l],
  'file-base64': [k, k, l, k, k, k],
  'file-text': [c, c, l, k, k, k],
  'file-name': [k, k, l, k, l, k],
  cache: [l, l, l, k, l, k],
  'tool-cache': [l, l, l, k, l, k],
  'past-thinking': [l, l, l, l, l, l],
  'past-seal-anthropic': [l, l, l, k, l, k],
  'past-seal-openai': [l, k, l, l, l, l],
  'past-seal-google': [l, l, l, l, k, l],
  'past-refusal': [k, k, c, c, c, c],
  'past-image': [l, l, l, l, k, l],
  'past-audio': [l, l, l, l, k, l],
  'past-citations': [l, k, l, l, l, l],
  json: [k, k, l, l, k, l],
  schema: [k, k, l, k, k, k],
  'schema-description': [k, k, l, l, l, k],
  'schema-loose': [k, k, l, c, c, c],
  'thinking-off': [l, l, l, k, c, k],
  'thinking-adaptive': [l, l, l, k, k, k],
  'thinking-budget': [c, c, l, k, k, k],
  'thinking-effort': [k, k, l, k, k, k],
  'output-max': [k, k, k, k, k, k],
  'no-output-max': [k, k, c, c, k, k],
  stop: [k, l, k, k, k, k],
  temperature: [k, k, k, k, k, k],
  'temperature-above-1': [k, k, k, c, k, c],
  'top-p': [k, k, k, k, k, k],
  'top-k': [l, l, l, k, k, k],
  seed: [k, l, k, l, k, l],
  'frequency-penalty': [k, l, k, l, k, l],
  'presence-penalty': [k, l, k, l, k, l],
  user: [k, k, k, k, l, l],
  logprobs: [k, k, k, l, k, l],
  'service-tier': [k, k, l, l, k, k],
  metadata: [k, k, l, l, k, k],
  'prompt-cache-key': [k, k, l, l, l, l],
  'safety-identifier': [k, k, l, l, l, l],
  verbosity: [k, k, l, l, l, l],
  modalities: [k, l, l, l, k, l],
} satisfies Record<string, CallRow>;

/** What becomes of what a reply holds on the way to a caller of another dialect. */
const REPLY_ROWS: Record<ReplyFeature, ReplyRow> = {
  thinking: [k, k, l, k, k],
  'seal-anthropic': [k, k, l, k, k],
  'seal-openai': [k, k, l, k, k],
  'seal-google': [k, k, l, k, k],
  'redacted-thinking': [k, k, l, k, k],
  'sealed-image': [l, k, l, l, k],
  'tool-calls': [k, k, l, k, k],
  refusal: [k, k, c, c, c],
  citations: [k, k, l, k, k],
  logprobs: [k, k, k, l, k],
  image: [k, k, l, l, k],
  audio: [k, l, l, l, k],
  'stop-sequence': [l, l, l, k, l],
};

export type CallFeature = keyof typeof CALL_ROWS;

const CALLERS = [
  'openai-chat',
  'openai-responses',
  'openai-completions',
  'anthropic-messages',
  'gemini',
] as const;
const PROVIDERS = [...CALLERS, 'bedrock-converse'] as const;

/**
 * What a call or a reply keeps when it crosses from one dialect into another. Within one dialect everything is kept. The
 * writers say the same in their losses, which a test holds them to.
 */
export const capabilities: {
  calls: Record<CallFeature, Record<DialectId, Ability>>;
  replies: Record<ReplyFeature, Record<CallerDialectId, Ability>>;
} = { calls: tableOf(CALL_ROWS, PROVIDERS), replies: tableOf(REPLY_ROWS, CALLERS) };

function tableOf<Feature extends string, Id extends string>(
  rows: Record<Feature, readonly Ability[]>,
  ids: readonly Id[],
): Record<Feature, Record<Id, Ability>> {
  const table = Object.entries<readonly Ability[]>(rows).map(([feature, row]) => [
    feature,
    Object.fromEntries(ids.map((id, place) => [id, row[place]])),
  ]);
  return Object.fromEntries(table);
}
