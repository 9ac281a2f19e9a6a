/** Words of the wire. Source: OpenAI's OpenAPI document, `POST /completions`; vLLM where it adds to it. */
export const ID = 'openai-completions';
export const PATH = '/completions';

export const CALL_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'prompt',
  'temperature',
  'top_p',
  'top_k',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'max_tokens',
  'stop',
  'logprobs',
  'stream',
  'stream_options',
  'user',
]);
