import { type Authenticate, listAllowed, type Snapshot, type Tenant } from '@app/gateway';
import { GatewayError, type JsonObject } from '@app/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findSecret } from '../../http/find-secret.ts';
import { renderError } from '../../http/render-error.ts';

/** A model as callers may name it. `createdS` is epoch seconds; absent when nobody knows. */
type ListedModel = { id: string; ownedBy: string; createdS?: number };

export type ModelRouteDeps = {
  authenticate: Authenticate;
  /** Every name that can be called, in the configured order. */
  listModels: (mode: 'live' | 'test', tenant?: Tenant) => readonly ListedModel[];
  findTargets: Snapshot['findTargets'];
};

type Handler = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** `GET /v1/models` and `/v1/models/{id}`, in OpenAI's shape, or in Anthropic's for whoever sends its version header. */
export function createModelRoutes({ authenticate, listModels, findTargets }: ModelRouteDeps): {
  list: Handler;
  get: Handler;
} {
  const withModels =
    (answer: (models: readonly ListedModel[], request: FastifyRequest) => JsonObject): Handler =>
    (request, reply) => {
      try {
        const presenting = { permission: 'models:read', ip: request.ip } as const;
        const found = authenticate(findSecret(request.headers), presenting);
        if (!found.ok) throw found.error;
        const models = listAllowed(found.value, listModels(found.value.mode, found.value), findTargets);
        return reply.header('cache-control', 'no-store').send(answer(models, request));
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        return sendError(error, request, reply);
      }
    };
  return {
    list: withModels((models, request) =>
      isAnthropic(request) ? anthropicList(models, request.query) : openAiList(models),
    ),
    get: withModels((models, request) => {
      const id = idOf(request);
      const model = models.find((listed) => listed.id === id);
      if (!model) throw unknownModel(id);
      return isAnthropic(request) ? anthropicModel(model) : openAiModel(model);
    }),
  };
}

function sendError(error: GatewayError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const dialect = isAnthropic(request) ? 'anthropic-messages' : 'openai-chat';
  const { status, headers, body } = renderError(error, request.id, dialect);
  return reply.code(status).headers(headers).send(body);
}

function isAnthropic(request: FastifyRequest): boolean {
  return request.headers['anthropic-version'] !== undefined;
}

function openAiList(models: readonly ListedModel[]): JsonObject {
  return { object: 'list', data: models.map(openAiModel) };
}

function openAiModel({ id, ownedBy, createdS = 0 }: ListedModel): JsonObject {
  return { id, object: 'model', created: createdS, owned_by: ownedBy };
}

const PAGE_MAX = 1000;
const PAGE_DEFAULT = 20;

/** Pages by the id before or after, as Anthropic's list endpoint documents. */
function anthropicList(models: readonly ListedModel[], query: unknown): JsonObject {
  const asked = readQuery(query);
  const limit = Math.min(
    PAGE_MAX,
    Math.max(1, Math.floor(Number(asked.limit ?? PAGE_DEFAULT)) || PAGE_DEFAULT),
  );
  const after = models.findIndex((model) => model.id === asked.after_id);
  const before = models.findIndex((model) => model.id === asked.before_id);
  const start = before === -1 ? after + 1 : Math.max(0, before - limit);
  const page = models.slice(start, before === -1 ? start + limit : before);
  return {
    data: page.map(anthropicModel),
    has_more: before === -1 ? start + page.length < models.length : start > 0,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

function anthropicModel({ id, createdS = 0 }: ListedModel): JsonObject {
  return { type: 'model', id, display_name: id, created_at: new Date(createdS * 1000).toISOString() };
}

function readQuery(query: unknown): { limit?: string; after_id?: string; before_id?: string } {
  const fields: { limit?: string; after_id?: string; before_id?: string } = {};
  if (typeof query !== 'object' || query === null) return fields;
  for (const name of ['limit', 'after_id', 'before_id'] as const) {
    const value: unknown = Reflect.get(query, name);
    if (typeof value === 'string') fields[name] = value;
  }
  return fields;
}

/** The rest of the path, because an id may have a slash in it. */
function idOf(request: FastifyRequest): string {
  const { params } = request;
  const rest: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, '*') : undefined;
  return typeof rest === 'string' ? rest : '';
}

function unknownModel(id: string): GatewayError {
  const message = `The model \`${id.slice(0, 100)}\` does not exist or is not served here.`;
  return new GatewayError('model_not_found', message, { param: 'model', retryable: false });
}
