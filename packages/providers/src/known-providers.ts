import type { DialectId } from '@app/protocol';
import type { Auth } from './provider.ts';

/** What a provider needs besides its key. `priceId` is the provider's name in the price table where it differs. */
export type KnownProvider = {
  dialect: DialectId;
  baseUrl: string;
  auth: Auth['kind'];
  priceId?: string;
};

/** Providers that a configuration may name by id alone. Adding one that speaks a known dialect is adding a line. */
export const knownProviders: { readonly [id: string]: KnownProvider } = {
  openai: openAiCompatible('https://api.openai.com/v1'),
  anthropic: { dialect: 'anthropic-messages', baseUrl: 'https://api.anthropic.com/v1', auth: 'header' },
  google: openAiCompatible('https://generativelanguage.googleapis.com/v1beta/openai'),
  gemini: openAiCompatible('https://generativelanguage.googleapis.com/v1beta/openai', 'google'),
  groq: openAiCompatible('https://api.groq.com/openai/v1'),
  mistral: openAiCompatible('https://api.mistral.ai/v1'),
  deepseek: openAiCompatible('https://api.deepseek.com/v1'),
  xai: openAiCompatible('https://api.x.ai/v1', 'x-ai'),
  together: openAiCompatible('https://api.together.xyz/v1'),
  fireworks: openAiCompatible('https://api.fireworks.ai/inference/v1'),
  openrouter: openAiCompatible('https://openrouter.ai/api/v1'),
  cerebras: openAiCompatible('https://api.cerebras.ai/v1'),
  perplexity: openAiCompatible('https://api.perplexity.ai'),
  moonshotai: openAiCompatible('https://api.moonshot.ai/v1'),
  cohere: openAiCompatible('https://api.cohere.ai/compatibility/v1'),
  deepinfra: openAiCompatible('https://api.deepinfra.com/v1/openai'),
  nvidia: openAiCompatible('https://integrate.api.nvidia.com/v1'),
  ollama: local('http://127.0.0.1:11434/v1'),
  vllm: local('http://127.0.0.1:8000/v1'),
  'lm-studio': local('http://127.0.0.1:1234/v1'),
};

/** The row of defaults for this id, if there is one. */
export function findKnownProvider(id: string): KnownProvider | undefined {
  return Object.hasOwn(knownProviders, id) ? knownProviders[id] : undefined;
}

function openAiCompatible(baseUrl: string, priceId?: string): KnownProvider {
  return {
    dialect: 'openai-chat',
    baseUrl,
    auth: 'bearer',
    ...(priceId === undefined ? {} : { priceId }),
  };
}

function local(baseUrl: string): KnownProvider {
  return { dialect: 'openai-chat', baseUrl, auth: 'none' };
}
