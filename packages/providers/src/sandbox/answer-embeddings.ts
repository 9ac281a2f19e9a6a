import {
  type EmbedCall,
  embedDialects,
  GatewayError,
  isObject,
  type JsonObject,
  parseJson,
} from '@app/protocol';
import { type Answer, failing, refusing } from './deliver-reply.ts';
import { findDirectives, type Outcome, type Pace } from './find-outcome.ts';
import { makeIds } from './make-ids.ts';
import type { CountTokens } from './measure-reply.ts';
import { type RefusalKind, refuse, refuseRequest } from './refuse.ts';
import { sandboxDimensions, sandboxEmbedding } from './sandbox-embedding.ts';

export type EmbeddingAnswer = { now: () => number; countTokens: CountTokens; pace: Pace };

const REFUSALS: { [outcome in Outcome]?: RefusalKind } = {
  '429': '429',
  '500': '500',
  'context-length': 'context-length',
};

/** Answers a request for vectors as OpenAI would, at the address where OpenAI does. */
export async function answerEmbeddings(body: string, deps: EmbeddingAnswer): Promise<Answer> {
  const ids = makeIds('openai-chat', body);
  const call = readBody(body);
  if (call instanceof GatewayError) return refusing(refuseRequest('openai-chat', call, ids), deps.pace);
  const model = call.model ?? '';
  const outcome = findDirectives({ ...NOTHING_SAID, model })?.outcome;
  const kind = outcome === undefined ? 'no-such-model' : REFUSALS[outcome];
  if (kind !== undefined)
    return refusing(refuse('openai-chat', kind, { model, ids, nowMs: deps.now() }), deps.pace);
  if (outcome === 'timeout') return failing(SILENCE_MS_MAX, SILENT);
  const reply = await replyTo(call, model, deps.countTokens);
  const head = {
    afterMs: deps.pace.firstByteMs,
    status: 200,
    headers: { 'content-type': 'application/json', 'x-request-id': ids.request },
  };
  return { head, chunks: [{ afterMs: 0, bytes: new TextEncoder().encode(JSON.stringify(reply)) }] };
}

const NOTHING_SAID = {
  system: [],
  messages: [],
  tools: [],
  sampling: {},
  stop: [],
  stream: false,
  streamUsage: false,
  extra: { dialect: 'openai-chat' as const, fields: {} },
};

const SILENCE_MS_MAX = 15 * 60_000;
const SILENT = {
  code: 'provider_timeout',
  message: 'The provider sandbox did not start its answer in time.',
} as const;

function readBody(text: string): EmbedCall | GatewayError {
  const body = parseJson(text);
  if (!isObject(body))
    return new GatewayError('invalid_json', 'The body of the request is not a JSON object.');
  try {
    return embedDialects['openai-embeddings'].readCall(body);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

async function replyTo(call: EmbedCall, model: string, countTokens: CountTokens): Promise<JsonObject> {
  const dimensions = call.dimensions ?? sandboxDimensions(model);
  const texts = call.inputs.map((input) => (typeof input === 'string' ? input : ''));
  const given = call.inputs.reduce((sum, input) => sum + (typeof input === 'string' ? 0 : input.length), 0);
  const counted = await countTokens(texts.filter((text) => text !== ''));
  const vectors = call.inputs.map((input) =>
    sandboxEmbedding(typeof input === 'string' ? input : input.join(' '), dimensions),
  );
  const inputFresh = counted.reduce((sum, count) => sum + count, given);
  return embedDialects['openai-embeddings'].writeReply({ model, vectors, usage: { inputFresh } }, call);
}
