import type { JsonObject } from '../json.ts';

/**
 * Words of the wire. Source: OpenAI's OpenAPI document, `POST /chat/completions`; DeepSeek, Groq, OpenRouter, Mistral,
 * Perplexity, xAI and Google where their pages add to it.
 */
export const ID = 'openai-chat';
export const PATH = '/chat/completions';

export const CALL_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'web_search_options',
  'response_format',
  'reasoning_effort',
  'verbosity',
  'modalities',
  'temperature',
  'top_p',
  'top_k',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'logprobs',
  'top_logprobs',
  'max_completion_tokens',
  'max_tokens',
  'stop',
  'stream',
  'stream_options',
  'user',
  'service_tier',
  'metadata',
  'prompt_cache_key',
  'safety_identifier',
]);

/** The thinking of a message or delta: DeepSeek and xAI say `reasoning_content`, Groq and OpenRouter `reasoning`. */
export function thinkingOf(message: JsonObject): string {
  const { reasoning_content: content, reasoning } = message;
  if (typeof content === 'string' && content !== '') return content;
  return typeof reasoning === 'string' ? reasoning : '';
}
