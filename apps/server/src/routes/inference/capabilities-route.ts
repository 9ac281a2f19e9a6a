import type { Authenticate, Target } from '@app/gateway';
import {
  type CallerDialectId,
  type CallFeature,
  crossingOf,
  dialects,
  featurePath,
  GatewayError,
  type JsonObject,
} from '@app/protocol';
import { findWay, type Provider } from '@app/providers';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findSecret } from '../../http/find-secret.ts';
import { renderError } from '../../http/render-error.ts';
import { invalid } from './routing-fields.ts';

type Mode = 'live' | 'test';

export type CapabilitiesRouteDeps = {
  authenticate: Authenticate;
  listModels: (mode: Mode) => readonly { id: string }[];
  findTargets: (model: string, mode: Mode) => readonly Target[];
};

const LIMIT_MAX = 100;
const LIMIT_DEFAULT = 20;

/**
 * `GET /v1/capabilities`: per model and target what becomes of everything a caller of `?dialect=` can ask for, in that
 * dialect's words. `?model=` asks about one name; without it the models come in pages (`limit`, `after`).
 */
export function createCapabilitiesRoute(deps: CapabilitiesRouteDeps) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    try {
      const found = deps.authenticate(findSecret(request.headers), 'models:read');
      if (!found.ok) throw found.error;
      const body = answer(deps, found.value.mode, readQuery(request.query));
      return reply.header('cache-control', 'no-store').send(body);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const { status, headers, body } = renderError(error, request.id, 'openai-chat');
      return reply.code(status).headers(headers).send(body);
    }
  };
}

type Question = { dialect: CallerDialectId; model: string | undefined; after: string; limit: number };

function answer(deps: CapabilitiesRouteDeps, mode: Mode, question: Question): JsonObject {
  const { dialect, model, after, limit } = question;
  const describe = (id: string, targets: readonly Target[]): JsonObject => ({
    id,
    object: 'model.capabilities',
    targets: targets.map((target) => describeTarget(target, dialect)),
  });
  const head = { object: 'list', dialect };
  if (model !== undefined) {
    const targets = deps.findTargets(model, mode);
    if (targets.length === 0) throw unknownModel(model);
    return { ...head, data: [describe(model, targets)], has_more: false };
  }
  const all = deps.listModels(mode);
  const start = all.findIndex(({ id }) => id === after) + 1;
  const page = all.slice(start, start + limit);
  return {
    ...head,
    data: page.map(({ id }) => describe(id, deps.findTargets(id, mode))),
    has_more: start + page.length < all.length,
  };
}

/** The way to the provider is the one that a call in this dialect would take. */
function describeTarget({ provider, model }: Target, caller: CallerDialectId): JsonObject {
  const way = findWay(provider, { dialect: caller, model });
  const { call, reply } = crossingOf(caller, way.dialect);
  return {
    provider: way.id,
    model,
    dialect: way.dialect,
    parameters: call.map(({ feature, path, ability }) => ({
      feature,
      path,
      support: isDropped(feature, way) ? 'lost' : ability,
    })),
    reply: reply.map(({ feature, ability }) => ({ feature, support: ability })),
  };
}

/** What a provider refuses although its dialect has it stands in its row, in the words of its dialect. */
function isDropped(feature: CallFeature, { dialect, quirks }: Provider): boolean {
  if (quirks?.drop === undefined || dialect === 'bedrock-converse') return false;
  const path = featurePath(feature, dialect);
  return quirks.drop.some(
    (name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`),
  );
}

function readQuery(query: unknown): Question {
  const { dialect = 'openai-chat', model, after = '', limit = String(LIMIT_DEFAULT) } = textsOf(query);
  if (!isCallerDialect(dialect))
    throw invalid('dialect', `must be one of ${Object.keys(dialects).join(', ')}`);
  const count = Number(limit);
  if (!Number.isSafeInteger(count) || count < 1 || count > LIMIT_MAX)
    throw invalid('limit', `must be a whole number from 1 to ${LIMIT_MAX}`);
  return { dialect, model: model === '' ? undefined : model, after, limit: count };
}

function textsOf(query: unknown): { [name: string]: string } {
  const entries = Object.entries(typeof query === 'object' && query !== null ? query : {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isCallerDialect(name: string): name is CallerDialectId {
  return Object.hasOwn(dialects, name);
}

function unknownModel(id: string): GatewayError {
  const message = `The model \`${id.slice(0, 100)}\` does not exist or is not served here.`;
  return new GatewayError('model_not_found', message, { param: 'model', retryable: false });
}
