import type { ModelRules } from '../quirks/rules.ts';
import type { Quirks } from '../quirks.ts';
import { thinkingSwitch } from './thinking-switch.ts';

/**
 * https://docs.mistral.ai/api: a body with a field that its schema does not have is answered with 422. Usage comes at
 * the end of every stream without being asked for.
 */
export const mistralQuirks: Quirks = {
  synonyms: { 'messages[].role': { developer: 'system' } },
  drop: [
    'logprobs',
    'top_logprobs',
    'logit_bias',
    'user',
    'store',
    'verbosity',
    'service_tier',
    'safety_identifier',
    'modalities',
    'audio',
    'web_search_options',
    'messages[].reasoning_content',
  ],
  rename: { max_completion_tokens: 'max_tokens', seed: 'random_seed' },
  omit: ['stream_options'],
};

/** Whether these reason is part of the name. */
const FIXED_GROK = ['grok-3', 'grok-4-', 'grok-4.20', 'grok-code', 'grok-build'];

/** https://docs.x.ai/developers/rest-api-reference/inference/chat: 400 for these, whatever their value. */
export const grokQuirks: Quirks = {
  drop: ['presence_penalty', 'frequency_penalty'],
  forModels: [
    // Models that reason take no stop sequence.
    {
      models: ['grok-3-mini', 'grok-4', 'grok-code', 'grok-build', 'grok-latest'],
      except: ['grok-4-fast-non', 'grok-4-1-fast-non', 'grok-4.20-non', 'grok-4.20-0309-non'],
      drop: ['stop'],
    },
    { models: FIXED_GROK, except: ['grok-3-mini'], drop: ['reasoning_effort'] },
    {
      models: ['grok-3-mini'],
      nearest: { reasoning_effort: { none: null, minimal: 'low', medium: 'high' } },
    },
  ],
};

export const grokResponsesQuirks: Quirks = {
  forModels: [{ models: FIXED_GROK, except: ['grok-3-mini'], drop: ['reasoning.effort'] }],
};

/** https://dev.meta.ai/docs: reasoning cannot be turned off, tools cannot be forced, and nothing stops a text early. */
export const museQuirks: Quirks = {
  nearest: { reasoning_effort: { none: 'minimal', max: 'xhigh' } },
  only: { tool_choice: 'auto' },
  drop: ['stop'],
};

export const museResponsesQuirks: Quirks = {
  nearest: { 'reasoning.effort': { none: 'minimal', max: 'xhigh' } },
  only: { tool_choice: 'auto' },
};

/** https://docs.cohere.com/docs/compatibility-api: thinking is on or off. */
export const cohereQuirks: Quirks = {
  nearest: { reasoning_effort: { minimal: 'none', low: 'high', medium: 'high', xhigh: 'high', max: 'high' } },
  rename: { max_completion_tokens: 'max_tokens' },
};

/**
 * https://platform.kimi.ai/docs/api/chat: sampling is fixed for the `kimi-` models. Those of the second generation are
 * told whether to think, the third how much.
 */
export const kimiRules: readonly ModelRules[] = [
  {
    models: ['kimi-'],
    drop: ['temperature', 'top_p', 'n', 'presence_penalty', 'frequency_penalty'],
  },
  { models: ['kimi-k2.5', 'kimi-k2.6'], thinking: thinkingSwitch },
  { models: ['kimi-k2.7'], drop: ['reasoning_effort'] },
  {
    models: ['kimi-k3'],
    nearest: { reasoning_effort: { none: 'low', minimal: 'low', medium: 'high', xhigh: 'max' } },
  },
  { models: ['moonshot-v1'], bounds: { temperature: [0, 1] }, drop: ['reasoning_effort'] },
];

/** https://ai.google.dev/api/generate-content: "Penalty is not enabled" for every model since 2.5. */
export const geminiQuirks: Quirks = {
  forModels: [
    {
      models: ['gemini-2.5', 'gemini-3', 'gemini-4'],
      isForeignOnly: true,
      drop: ['generationConfig.frequencyPenalty', 'generationConfig.presencePenalty'],
    },
  ],
};
