import {
  type EmbedCall,
  type EmbedDialect,
  type EmbedDialectId,
  embedDialects,
  GatewayError,
  type JsonObject,
} from '@app/protocol';
import type { Target } from '../../ports.ts';
import { openMeter } from '../open-meter.ts';
import { meterOf, usageReader } from '../read-usage.ts';
import type {
  Came,
  Metered,
  UnaryInput,
  UnaryOperation,
  UnaryReply,
  UnaryRequest,
} from '../unary-operation.ts';
import { geminiPath } from './gemini-path.ts';
import { jsonRequest } from './write-request.ts';

/** Vectors for texts, in whatever dialect they are asked for and by whatever provider they are made. */
export const embeddingOperations: readonly UnaryOperation[] = [
  embedOperation('/v1/embeddings', 'openai-embeddings', ({ json }) => json),
  embedOperation('/v1beta/models/{model}:embedContent', 'gemini-embeddings', (input) => ofOne(input)),
  embedOperation('/v1beta/models/{model}:batchEmbedContents', 'gemini-embeddings', (input) => ofMany(input)),
];

function embedOperation(
  route: string,
  dialectId: EmbedDialectId,
  bodyOf: (input: UnaryInput) => JsonObject,
): UnaryOperation {
  return {
    method: 'POST',
    route,
    dialect: dialectId === 'gemini-embeddings' ? 'gemini' : 'openai-chat',
    body: 'json',
    read: (input) => {
      const call = embedDialects[dialectId].readCall(bodyOf(input));
      const model = input.params.model ?? call.model;
      if (model === undefined || model === '') {
        const detail = { param: 'model', retryable: false };
        throw new GatewayError('missing_parameter', "Missing required parameter: 'model'.", detail);
      }
      return {
        kind: 'provider',
        ability: 'embeddings',
        model,
        providerId: input.providerId,
        user: call.user,
        write: (target) => writeCall(call, target),
        answer: { kind: 'read', read: (came) => readReply(call, came) },
      };
    },
  };
}

function ofOne({ json }: UnaryInput): JsonObject {
  const { requests: _, ...body } = json;
  return body;
}

function ofMany({ json }: UnaryInput): JsonObject {
  return { ...json, requests: json.requests ?? [] };
}

function dialectOf({ provider }: Target): EmbedDialect {
  return embedDialects[provider.dialect === 'gemini' ? 'gemini-embeddings' : 'openai-embeddings'];
}

function writeCall(call: EmbedCall, target: Target): UnaryRequest {
  const dialect = dialectOf(target);
  const { path, body, losses } = dialect.writeCall(call, target.model);
  const action = path.slice(path.lastIndexOf(':') + 1);
  const address = dialect.id === 'gemini-embeddings' ? geminiPath(target, action) : path;
  return { ...jsonRequest(target, { operation: 'embeddings', path: address, body }), losses };
}

const readUsage = usageReader('outputText');

function readReply(call: EmbedCall, came: Came): UnaryReply {
  const dialect = dialectOf(came.target);
  if (dialect.id === call.wire.dialect && !isOtherEncoding(call, came.bytes)) {
    return counted(call, metered(came), undefined);
  }
  const reply = dialect.readReply(came.parse(), call.inputs.length);
  const usage = reply.usage.inputFresh === undefined ? estimate(call) : reply.usage;
  const body = embedDialects[call.wire.dialect].writeReply(
    { ...reply, usage, model: reply.model ?? came.target.model },
    call,
  );
  return counted(call, { usage: reply.usage }, body);
}

const PARSED_BYTES_MAX = 1_048_576;

/** What goes on as it came is looked at all the same. Parsing many vectors would hold up everybody else. */
function metered({ bytes, parse }: Came): Metered {
  if (bytes.length <= PARSED_BYTES_MAX) return meterOf(parse(), readUsage);
  const meter = openMeter({ isJson: true, readUsage });
  meter.see(bytes);
  return meter.read();
}

/** Not every server of OpenAI's dialect knows base64, and OpenAI's own client takes numbers for bytes then. */
function isOtherEncoding({ encoding }: EmbedCall, bytes: Buffer): boolean {
  return encoding === 'base64' && /"embedding"\s*:\s*\[/.test(bytes.toString('latin1', 0, 4_096));
}

function counted(call: EmbedCall, metered: Metered, body: JsonObject | undefined): UnaryReply {
  const isStated = metered.usage.inputFresh !== undefined;
  return {
    ...(body === undefined ? {} : { body }),
    metered: isStated ? metered : { usage: estimate(call) },
    isEstimated: !isStated,
  };
}

const BYTES_PER_TOKEN = 4;

/** Where a provider says nothing: a token per four bytes. */
function estimate({ inputs }: EmbedCall): { inputFresh: number } {
  let tokens = 0;
  for (const input of inputs)
    tokens +=
      typeof input === 'string' ? Math.ceil(Buffer.byteLength(input) / BYTES_PER_TOKEN) : input.length;
  return { inputFresh: tokens };
}
