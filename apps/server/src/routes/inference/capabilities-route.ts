import {
  type Authenticate,
  isAllowed,
  listAllowed,
  type Principal,
  type Snapshot,
  type Target,
  type Tenant,
} from '@app/gateway';
import { type CallerDialectId, crossingOf, dialects, GatewayError, type JsonObject } from '@app/protocol';
import { applyQuirks, findWay, type Provider } from '@app/providers';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findSecret } from '../../http/find-secret.ts';
import { renderError } from '../../http/render-error.ts';
import { invalid } from './routing-fields.ts';

type Mode = 'live' | 'test';

export type CapabilitiesRouteDeps = {
  authenticate: Authenticate;
  listModels: (mode: Mode, tenant?: Tenant) => readonly { id: string }[];
  findTargets: Snapshot['findTargets'];
};

const LIMIT_MAX = 50;
const LIMIT_DEFAULT = 20;
/** An alias may have many targets; a call tries only the first few. */
const TARGETS_MAX = 8;
/** Answers kept for one provider. */
const KEPT_MAX = 500;

/**
 * `GET /v1/capabilities`: per model and target what becomes of everything a caller of `?dialect=` can ask for, in that
 * dialect's words. `?model=` asks about one name; without it the models come in pages (`limit`, `after`).
 */
export function createCapabilitiesRoute(deps: CapabilitiesRouteDeps) {
  const describe = createDescribe();
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    try {
      const presenting = { permission: 'models:read', ip: request.ip } as const;
      const found = deps.authenticate(findSecret(request.headers), presenting);
      if (!found.ok) throw found.error;
      const body = await answer({ ...deps, describe }, found.value, readQuery(request.query));
      return reply.header('cache-control', 'no-store').send(body);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const { status, headers, body } = renderError(error, request.id, 'openai-chat');
      return reply.code(status).headers(headers).send(body);
    }
  };
}

type Question = { dialect: CallerDialectId; model: string | undefined; after: string; limit: number };
type Describe = (target: Target, caller: CallerDialectId) => JsonObject;
type Answering = CapabilitiesRouteDeps & { describe: Describe };

async function answer(deps: Answering, principal: Principal, question: Question): Promise<JsonObject> {
  const { dialect, model, after, limit } = question;
  const { mode } = principal;
  const head = { object: 'list', dialect };
  const findTargets = (name: string) =>
    deps.findTargets(name, mode, principal).filter((target) => isAllowed(principal, name, target));
  if (model !== undefined) {
    const targets = findTargets(model);
    if (targets.length === 0) throw unknownModel(model);
    return { ...head, data: [await describeModel(deps, model, { targets, dialect })], has_more: false };
  }
  const all = listAllowed(principal, deps.listModels(mode, principal), deps.findTargets);
  const start = all.findIndex(({ id }) => id === after) + 1;
  const page = all.slice(start, start + limit);
  const data: JsonObject[] = [];
  for (const { id } of page) {
    data.push(await describeModel(deps, id, { targets: findTargets(id), dialect }));
  }
  return { ...head, data, has_more: start + page.length < all.length };
}

type Asked = { targets: readonly Target[]; dialect: CallerDialectId };

async function describeModel(
  { describe }: Answering,
  id: string,
  { targets, dialect }: Asked,
): Promise<JsonObject> {
  const described: JsonObject[] = [];
  for (const target of targets.slice(0, TARGETS_MAX)) {
    described.push(describe(target, dialect));
    // Calls under way go first: a page of models is some tens of milliseconds of work.
    await new Promise((next) => setImmediate(next));
  }
  return { id, object: 'model.capabilities', targets: described };
}

/** Keeps what it found for as long as the provider's row lives, for every name that somebody asked about. */
function createDescribe(): Describe {
  const kept = new WeakMap<Provider, Map<string, JsonObject>>();
  return ({ provider, model }, caller) => {
    const way = findWay(provider, { dialect: caller, model });
    const known = kept.get(way) ?? new Map<string, JsonObject>();
    kept.set(way, known);
    const key = `${caller} ${model}`;
    const described = known.get(key) ?? describeWay(way, model, caller);
    if (known.size < KEPT_MAX) known.set(key, described);
    return described;
  };
}

/** The way to the provider is the one that a call in this dialect would take. */
function describeWay(way: Provider, model: string, caller: CallerDialectId): JsonObject {
  const { call, reply } = crossingOf({
    caller,
    provider: way.dialect,
    model,
    refusals: (body) => refusalsOf(way, body, { model, isOwn: way.dialect === caller }),
  });
  return {
    provider: way.id,
    model,
    dialect: way.dialect,
    parameters: call.map(({ feature, path, ability }) => ({ feature, path, support: ability })),
    reply: reply.map(({ feature, ability }) => ({ feature, support: ability })),
  };
}

/** What a provider refuses although its dialect has it stands in its row. */
function refusalsOf({ quirks }: Provider, body: JsonObject, facts: { model: string; isOwn: boolean }) {
  return quirks === undefined ? [] : applyQuirks(body, quirks, facts).losses;
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
