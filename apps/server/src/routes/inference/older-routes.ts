import { type Authenticate, listAllowed, type Principal, type Target } from '@app/gateway';
import { GatewayError, type JsonObject } from '@app/protocol';
import type { Analytics, AnalyticsQuestion } from '@app/store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findSecret } from '../../http/find-secret.ts';
import { renderError } from '../../http/render-error.ts';
import { toCallerError } from '../api/to-caller-error.ts';
import type { ListPricedModels, PricedModel } from './list-priced-models.ts';
import { invalid } from './routing-fields.ts';

export type OlderRouteDeps = {
  authenticate: Authenticate;
  listPricedModels: ListPricedModels;
  findTargets: (model: string, mode: 'live' | 'test') => readonly Target[];
  readAnalytics: (projectId: string, question: AnalyticsQuestion) => Promise<Analytics>;
  clock: { nowMs(): number };
};

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
type Answer = (principal: Principal, request: FastifyRequest) => JsonObject | Promise<JsonObject>;

/** `GET /models`, `/costs` and `/analytics`, as the first SDKs read them. */
export function olderRoutes(deps: OlderRouteDeps): (app: FastifyInstance) => void {
  const withKey =
    (permission: 'models:read' | 'analytics:read', answer: Answer): Handler =>
    async (request, reply) => {
      try {
        const found = deps.authenticate(findSecret(request.headers), { permission, ip: request.ip });
        if (!found.ok) throw found.error;
        return reply.header('cache-control', 'no-store').send(await answer(found.value, request));
      } catch (thrown) {
        const error = toCallerError(thrown);
        if (!(error instanceof GatewayError)) throw error;
        const { status, headers, body } = renderError(error, request.id, 'openai-chat');
        return reply.code(status).headers(headers).send(body);
      }
    };
  const listed = (principal: Principal) =>
    listAllowed(principal, deps.listPricedModels(principal.mode, principal), deps.findTargets);
  const models = withKey('models:read', (principal) => ({ models: listed(principal).map(writeModel) }));
  const costs = withKey('models:read', (principal) => writeCosts(listed(principal)));
  const analytics = withKey('analytics:read', async ({ projectId, mode }, request) => {
    const range = readRange(request.query, deps.clock.nowMs());
    return writeAnalytics(await deps.readAnalytics(projectId, { ...range, mode }));
  });
  return (app) => {
    app.get('/models', models);
    app.get('/costs', costs);
    app.get('/analytics', analytics);
  };
}

/** Both spellings, because the first SDK for Node documents one and sends the other through. */
function writeModel(model: PricedModel): JsonObject {
  const { id, provider, contextTokens = null, outputTokensMax = null } = model;
  return {
    id,
    name: id,
    provider,
    capabilities: ['chat'],
    context_window: contextTokens,
    contextWindow: contextTokens,
    max_output_tokens: outputTokensMax,
    input_cost_per_1k: model.inputUsd ?? null,
    output_cost_per_1k: model.outputUsd ?? null,
  };
}

/** One figure per model in US dollars per thousand tokens: the mean of input and output. A model without a price is left out. */
function writeCosts(models: readonly PricedModel[]): JsonObject {
  const costs: JsonObject = Object.create(null);
  for (const { id, inputUsd, outputUsd } of models) {
    if (inputUsd !== undefined && outputUsd !== undefined) costs[id] = (inputUsd + outputUsd) / 2;
  }
  return costs;
}

function writeAnalytics(analytics: Analytics): JsonObject {
  const { calls, failed, tokens, costNanos, latencyMeanMs, cacheReadRate, callsByModel } = analytics;
  const figures = {
    total_requests: calls,
    total_tokens: tokens,
    total_cost_usd: costNanos / 1e9,
    average_latency_ms: latencyMeanMs,
    model_distribution: callsByModel,
    error_rate: calls === 0 ? 0 : failed / calls,
    cache_hit_rate: cacheReadRate,
  };
  return {
    ...figures,
    totalRequests: figures.total_requests,
    totalTokens: figures.total_tokens,
    totalCostUsd: figures.total_cost_usd,
    averageLatencyMs: figures.average_latency_ms,
    modelDistribution: figures.model_distribution,
    errorRate: figures.error_rate,
    cacheHitRate: figures.cache_hit_rate,
  };
}

const DAY_MS = 86_400_000;
const RANGE_DAYS_MAX = 366;
const RANGE_DAYS_DEFAULT = 30;

/** `start_date` and `end_date` are days or times in UTC; the end's whole day belongs to the range. Thirty days when absent. */
function readRange(query: unknown, nowMs: number): { fromMs: number; toMs: number } {
  const end = readTime(query, 'end_date');
  const toMs = end === undefined ? nowMs : end.isDay ? end.ms + DAY_MS : end.ms;
  const fromMs = readTime(query, 'start_date')?.ms ?? toMs - RANGE_DAYS_DEFAULT * DAY_MS;
  if (fromMs > toMs) throw invalid('start_date', 'must not be after `end_date`');
  if (toMs - fromMs > RANGE_DAYS_MAX * DAY_MS) {
    throw invalid('start_date', `must be at most ${RANGE_DAYS_MAX} days before \`end_date\``);
  }
  return { fromMs, toMs };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

function readTime(query: unknown, name: string): { ms: number; isDay: boolean } | undefined {
  const value: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, name) : undefined;
  if (value === undefined) return undefined;
  const isDay = typeof value === 'string' && DAY.test(value);
  const ms = isDay || (typeof value === 'string' && TIME.test(value)) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw invalid(name, 'must be a date such as 2026-01-31 or 2026-01-31T12:00:00Z');
  return { ms, isDay };
}
