import type { Quirks } from '../quirks.ts';

/** https://console.groq.com/docs/openai and /docs/reasoning: 400 for these, and each family has its own efforts. */
export const groqQuirks: Quirks = {
  drop: ['logprobs', 'top_logprobs', 'logit_bias', 'messages[].name'],
  only: { n: 1 },
  forModels: [
    {
      models: ['openai/gpt-oss'],
      nearest: { reasoning_effort: { none: 'low', minimal: 'low', xhigh: 'high', max: 'high' } },
    },
    {
      models: ['qwen/'],
      nearest: {
        reasoning_effort: {
          minimal: 'none',
          low: 'default',
          medium: 'default',
          high: 'default',
          xhigh: 'default',
          max: 'default',
        },
      },
    },
    { models: ['llama-', 'meta-llama/', 'moonshotai/', 'gemma'], drop: ['reasoning_effort'] },
  ],
};

/** https://inference-docs.cerebras.ai/resources/openai: no role of developers, and temperatures up to 1.5. */
export const cerebrasQuirks: Quirks = {
  synonyms: { 'messages[].role': { developer: 'system' } },
  bounds: { temperature: [0, 1.5] },
};

/** https://docs.together.ai/docs/inference/chat/reasoning: efforts are low, medium and high. */
export const togetherQuirks: Quirks = {
  nearest: { reasoning_effort: { minimal: 'low', xhigh: 'high', max: 'high' } },
  rename: { max_completion_tokens: 'max_tokens' },
};

/** https://openrouter.ai/docs/use-cases/reasoning-tokens: the effort stands in an object, which has room for more. */
export const routerQuirks: Quirks = { rename: { reasoning_effort: 'reasoning.effort' } };
