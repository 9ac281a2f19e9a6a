import type { CallerDialectId, Json, JsonObject } from '../../src/index.ts';

/** An answer that is no conversation, and the request that asks for it. */
export type UnarySample = {
  kind: 'unary';
  dialect: CallerDialectId;
  /** The operation's path as documented. */
  route: string;
  asked: JsonObject;
  body: Json;
  /** JSON when absent. */
  contentType?: string;
};

const USAGE = { prompt_tokens: 8, total_tokens: 8 };
const VECTOR = [0.25, -1, 0.5, 3];
const BASE64 = 'AACAPgAAgL8AAAA/AABAQA==';
/** Two floats that are no numbers: NaN and infinity. */
const NO_NUMBERS = 'AADAfwAAgH8=';
const imageUsage = {
  input_tokens: 50,
  output_tokens: 1_056,
  total_tokens: 1_106,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 },
};

const vectors = (embedding: Json): JsonObject => ({
  object: 'list',
  data: [0, 1].map((index) => ({ object: 'embedding', index, embedding })),
  model: 'embed-1',
  usage: USAGE,
});

const texts = ['one', 'two'];
const geminiRequests = texts.map((text) => ({ content: { parts: [{ text }] } }));
const geminiVectors: JsonObject = {
  embeddings: [{ values: VECTOR }, { values: VECTOR }],
  usageMetadata: { promptTokenCount: 8 },
};

const ask = (dialect: CallerDialectId, route: string) => ({ kind: 'unary', dialect, route }) as const;
const openai = (route: string) => ask('openai-chat', route);
const embed = openai('/v1/embeddings');
const many = '/v1beta/models/{model}:batchEmbedContents';
const count = '/v1/messages/count_tokens';
const hello = { messages: [{ role: 'user', content: 'Hello' }] };
const picture = { type: 'image_generation.completed', b64_json: 'iVBORw0KGgo=', usage: imageUsage };

/** Written by hand after the references of OpenAI, Google and Cohere; `dialect` is the provider's. */
export const unarySamples: readonly UnarySample[] = [
  { ...embed, asked: { input: texts }, body: vectors(VECTOR) },
  { ...embed, asked: { input: texts, encoding_format: 'base64' }, body: vectors(BASE64) },
  { ...embed, asked: { input: texts, encoding_format: 'base64' }, body: vectors(VECTOR) },
  { ...ask('gemini', '/v1/embeddings'), asked: { input: texts }, body: geminiVectors },
  {
    ...ask('gemini', '/v1/embeddings'),
    asked: { input: texts, encoding_format: 'base64' },
    body: geminiVectors,
  },
  { ...openai(many), asked: { requests: geminiRequests }, body: vectors(BASE64) },
  { ...openai(many), asked: { requests: geminiRequests }, body: vectors(NO_NUMBERS) },
  { ...ask('gemini', many), asked: { requests: geminiRequests }, body: geminiVectors },
  {
    ...ask('gemini', '/v1beta/models/{model}:embedContent'),
    asked: { content: { parts: [{ text: 'one' }] } },
    body: { embedding: { values: VECTOR } },
  },
  {
    ...openai('/v1/images/generations'),
    asked: { prompt: 'a cat' },
    body: { created: 1, data: [{ b64_json: 'iVBORw0KGgo=' }], usage: imageUsage },
  },
  {
    ...openai('/v1/images/generations'),
    asked: { prompt: 'a cat', stream: true },
    contentType: 'text/event-stream',
    body: `event: image_generation.completed\ndata: ${JSON.stringify(picture)}\n\n`,
  },
  {
    ...openai('/v1/audio/speech'),
    asked: { input: 'Good day.', voice: 'v' },
    contentType: 'audio/mpeg',
    body: 'ID3\u0004 sound',
  },
  {
    ...openai('/v1/moderations'),
    asked: { input: 'fine' },
    body: {
      id: 'modr-1',
      model: 'moderation-1',
      results: [{ flagged: false, categories: { hate: false }, category_scores: { hate: 0.001 } }],
    },
  },
  {
    ...openai('/v1/rerank'),
    asked: { query: 'q', documents: texts },
    body: {
      id: 'rank-1',
      results: [0.9, 0.1].map((score, index) => ({ index, relevance_score: score })),
      meta: { billed_units: { search_units: 1 }, tokens: { input_tokens: 9, output_tokens: 0 } },
    },
  },
  { ...ask('anthropic-messages', count), asked: hello, body: { input_tokens: 14 } },
  {
    ...ask('gemini', count),
    asked: hello,
    body: { totalTokens: 14, promptTokensDetails: [{ modality: 'TEXT', tokenCount: 14 }] },
  },
];
