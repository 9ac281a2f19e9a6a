import { GatewayError } from '../error.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Loss } from '../loss.ts';
import { missing, optionalCount, optionalString, wrongValue } from '../read-field.ts';
import {
  EMBED_DIMENSIONS_MAX,
  EMBED_INPUTS_MAX,
  EMBED_TOKENS_MAX,
  type EmbedCall,
  type EmbedDialect,
  type EmbedInput,
  type EmbedReply,
  type Vector,
} from './embedding.ts';
import { inputUsage } from './input-usage.ts';
import { badVectors, base64Of, floatsOf, vectorAt } from './vector.ts';

/** Source of the format: OpenAI's API reference, "Create embeddings". */
export const openaiEmbeddings: EmbedDialect = {
  id: 'openai-embeddings',
  readCall,
  writeCall,
  readReply,
  writeReply,
};

const READ = new Set(['model', 'input', 'dimensions', 'encoding_format', 'user']);

function readCall(body: JsonObject): EmbedCall {
  const encoding = optionalString(body, 'encoding_format', '') ?? 'float';
  if (encoding !== 'float' && encoding !== 'base64')
    throw wrongValue('encoding_format', '"float" or "base64"');
  const dimensions = optionalCount(body, 'dimensions', '');
  if (dimensions !== undefined && (dimensions < 1 || dimensions > EMBED_DIMENSIONS_MAX))
    throw wrongValue('dimensions', `a number from 1 to ${EMBED_DIMENSIONS_MAX}`);
  const model = optionalString(body, 'model', '');
  const user = optionalString(body, 'user', '');
  return {
    ...(model === undefined ? {} : { model }),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(user === undefined ? {} : { user }),
    inputs: inputsOf(body.input),
    encoding,
    isSingle: false,
    wire: { dialect: 'openai-embeddings', body },
    unread: Object.keys(body).filter((name) => !READ.has(name)),
  };
}

/** A text, texts, tokens, or lists of tokens. */
function inputsOf(input: Json | undefined): EmbedInput[] {
  if (input === undefined || input === null) throw missing('input');
  if (typeof input === 'string') return [filled(input, 'input')];
  if (!Array.isArray(input) || input.length === 0)
    throw wrongValue('input', 'a text, tokens, or a list of either');
  if (typeof input[0] === 'number') return [tokensOf(input, 'input')];
  if (input.length > EMBED_INPUTS_MAX) throw wrongValue('input', `at most ${EMBED_INPUTS_MAX} entries`);
  return input.map((entry, at) => {
    const path = `input[${at}]`;
    return typeof entry === 'string' ? filled(entry, path) : tokensOf(entry, path);
  });
}

function filled(text: string, path: string): string {
  if (text === '') throw wrongValue(path, 'a text that is not empty');
  return text;
}

function tokensOf(value: Json, path: string): number[] {
  if (!Array.isArray(value) || value.length === 0) throw wrongValue(path, 'a text or a list of tokens');
  if (value.length > EMBED_TOKENS_MAX) throw wrongValue(path, `at most ${EMBED_TOKENS_MAX} tokens`);
  const tokens: number[] = [];
  for (const token of value) {
    if (typeof token !== 'number' || !Number.isSafeInteger(token) || token < 0)
      throw wrongValue(path, 'whole numbers of at least 0');
    tokens.push(token);
  }
  return tokens;
}

function writeCall(call: EmbedCall, model: string): ReturnType<EmbedDialect['writeCall']> {
  const path = '/embeddings';
  if (call.wire.dialect === 'openai-embeddings')
    return { path, body: { ...call.wire.body, model }, losses: [] };
  const losses: Loss[] = call.unread.map((name) => ({ path: name, why: 'unsupported' }));
  if (call.task !== undefined) losses.push({ path: 'taskType', why: 'unsupported' });
  if (call.title !== undefined) losses.push({ path: 'title', why: 'unsupported' });
  const inputs = call.inputs.map((input) => (typeof input === 'string' ? input : [...input]));
  const [only] = inputs;
  const body: JsonObject = { model, input: inputs.length === 1 && only !== undefined ? only : inputs };
  if (call.dimensions !== undefined) body.dimensions = call.dimensions;
  if (call.user !== undefined) body.user = call.user;
  return { path, body, losses };
}

function readReply(body: Json, count: number): EmbedReply {
  if (!isObject(body) || !Array.isArray(body.data) || body.data.length !== count) throw badVectors();
  const byIndex = new Map<number, Vector>();
  for (const [at, entry] of body.data.entries()) {
    if (!isObject(entry)) throw badVectors();
    const index = entry.index ?? at;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= count)
      throw badVectors();
    byIndex.set(index, vectorAt(entry.embedding));
  }
  // An index that came twice leaves another one out.
  if (byIndex.size !== count) throw badVectors();
  const vectors = [...byIndex].sort(([one], [other]) => one - other).map(([, vector]) => vector);
  const tokens = isObject(body.usage) ? (body.usage.prompt_tokens ?? body.usage.total_tokens) : undefined;
  return {
    ...(typeof body.model === 'string' ? { model: body.model } : {}),
    vectors,
    usage: inputUsage(tokens),
  };
}

function writeReply({ model, vectors, usage }: EmbedReply, call: EmbedCall): JsonObject {
  const tokens = usage.inputFresh ?? 0;
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: call.encoding === 'base64' ? base64Of(vector) : [...floatsOf(vector)],
    })),
    model: model ?? call.model ?? '',
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** What a dialect that takes texts alone says of tokens. */
export function textOnly(input: EmbedInput): string {
  if (typeof input === 'string') return input;
  const message = 'The provider of this model embeds texts, not tokens: send the text itself.';
  throw new GatewayError('unsupported_parameter', message, { param: 'input', status: 400, retryable: false });
}
