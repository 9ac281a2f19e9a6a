import {
  type DialectId,
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

/** Where vectors are asked for: the dialect of the request, and the model when the path names it. */
export type EmbeddingAddress = { dialect: 'openai-chat' | 'gemini'; model: string | undefined };

/** Undefined for a path that is no address for vectors. */
export function findEmbeddingAddress(dialect: DialectId, path: string): EmbeddingAddress | undefined {
  if (dialect === 'openai-chat') return path === '/embeddings' ? { dialect, model: undefined } : undefined;
  if (dialect !== 'gemini') return undefined;
  const model = /^\/models\/([^/]+):(?:embedContent|batchEmbedContents)$/.exec(path)?.[1];
  return model === undefined ? undefined : { dialect, model: decodeURIComponent(model) };
}

type EmbeddingRequest = EmbeddingAddress & { body: string };

/** Answers a request for vectors as the provider of its dialect would. */
export async function answerEmbeddings(request: EmbeddingRequest, deps: EmbeddingAnswer): Promise<Answer> {
  const { dialect } = request;
  const ids = makeIds(dialect, request.body);
  const call = readBody(request);
  if (call instanceof GatewayError) return refusing(refuseRequest(dialect, call, ids), deps.pace);
  const model = request.model ?? call.model ?? '';
  const outcome = findDirectives({ ...NOTHING_SAID, model })?.outcome;
  const kind = outcome === undefined ? 'no-such-model' : REFUSALS[outcome];
  if (kind !== undefined)
    return refusing(refuse(dialect, kind, { model, ids, nowMs: deps.now() }), deps.pace);
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

const EMBED_DIALECTS = { 'openai-chat': 'openai-embeddings', gemini: 'gemini-embeddings' } as const;

function readBody({ dialect, body: text }: EmbeddingRequest): EmbedCall | GatewayError {
  const body = parseJson(text);
  if (!isObject(body))
    return new GatewayError('invalid_json', 'The body of the request is not a JSON object.');
  try {
    return embedDialects[EMBED_DIALECTS[dialect]].readCall(body);
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
  return embedDialects[call.wire.dialect].writeReply({ model, vectors, usage: { inputFresh } }, call);
}
