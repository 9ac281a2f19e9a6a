import { type Authenticate, listAllowed } from '@app/gateway';
import { GatewayError, type JsonObject } from '@app/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findSecret } from '../../http/find-secret.ts';
import { createPricedModels, type PricedModel } from './list-priced-models.ts';

export type GeminiModelDeps = Parameters<typeof createPricedModels>[0] & { authenticate: Authenticate };

type Handler = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

const PAGE_MAX = 1_000;
const PAGE_DEFAULT = 50;

/**
 * `GET /v1beta/models` and `/v1beta/models/{model}` in Google's shape. Throws `GatewayError`.
 * Source: the Gemini API reference, "Models".
 */
export function createGeminiModels(deps: GeminiModelDeps): { list: Handler; get: Handler } {
  const listPriced = createPricedModels(deps);
  const modelsFor = (request: FastifyRequest): readonly PricedModel[] => {
    const presenting = { permission: 'models:read', ip: request.ip } as const;
    const found = deps.authenticate(findSecret(request.headers), presenting);
    if (!found.ok) throw found.error;
    return listAllowed(found.value, listPriced(found.value.mode, found.value), deps.findTargets);
  };
  return {
    list: (request, reply) => send(reply, writePage(modelsFor(request), request.query)),
    get: (request, reply) => {
      const models = modelsFor(request);
      const id = fieldOf(request.params, '*').replace(/^models\//, '');
      const model = models.find((listed) => listed.id === id);
      if (model === undefined) throw unknownModel(id);
      return send(reply, writeModel(model));
    },
  };
}

function send(reply: FastifyReply, body: JsonObject): FastifyReply {
  return reply.header('cache-control', 'no-store').send(body);
}

/** A page token is the number of the first model that it shows. */
function writePage(models: readonly PricedModel[], query: unknown): JsonObject {
  const size = Math.trunc(Number(fieldOf(query, 'pageSize'))) || PAGE_DEFAULT;
  const start = Math.max(0, Math.trunc(Number(fieldOf(query, 'pageToken'))) || 0);
  const end = start + Math.min(PAGE_MAX, Math.max(1, size));
  const page: JsonObject = { models: models.slice(start, end).map(writeModel) };
  if (end < models.length) page.nextPageToken = String(end);
  return page;
}

/** Whatever its provider speaks, a model answers to these. */
const METHODS = ['generateContent', 'streamGenerateContent', 'countTokens'];

function writeModel({ id, contextTokens, outputTokensMax }: PricedModel): JsonObject {
  const model: JsonObject = { name: `models/${id}`, version: '', displayName: id };
  if (contextTokens !== undefined) model.inputTokenLimit = contextTokens;
  if (outputTokensMax !== undefined) model.outputTokenLimit = outputTokensMax;
  return { ...model, supportedGenerationMethods: METHODS };
}

function fieldOf(fields: unknown, name: string): string {
  const value: unknown = typeof fields === 'object' && fields !== null ? Reflect.get(fields, name) : '';
  return typeof value === 'string' ? value : '';
}

function unknownModel(id: string): GatewayError {
  const message = `The model \`${id.slice(0, 100)}\` does not exist or is not served here.`;
  return new GatewayError('model_not_found', message, { param: 'model', retryable: false });
}
