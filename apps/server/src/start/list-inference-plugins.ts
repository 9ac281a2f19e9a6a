import { type Clock, createAuthenticate, type RecordCall, type Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import type { FastifyInstance } from 'fastify';
import type { Cors } from '../config/cors-fields.ts';
import type { EdgeLimits } from '../http/edge-limits.ts';
import { jsonDefaults } from '../http/parse-json-body.ts';
import { withCors } from '../http/with-cors.ts';
import { type IdSource, newId } from '../ids.ts';
import { realtimeRoutes } from '../realtime/realtime-route.ts';
import { type InferenceDeps, inferenceRoutes } from '../routes/inference/inference-routes.ts';
import { createPricedModels } from '../routes/inference/list-priced-models.ts';
import { olderRoutes } from '../routes/inference/older-routes.ts';
import type { Gateway } from './open-gateway.ts';

export type InferencePluginDeps = {
  store: Pick<Store, 'traces'>;
  gateway: Gateway;
  tracing: { recordCall: RecordCall };
  responses: InferenceDeps['responses'];
  digest: (text: string) => string;
  clock: Clock;
  schedule: Schedule;
  ids: IdSource;
  randomHex: (bytes: number) => string;
  limits: EdgeLimits;
  /** Whether callers reach us by HTTPS only. */
  isHttps: boolean;
  cors: Cors;
  onInternalError: (error: unknown, requestId: string) => void;
};

/** Every address that applications call, each group in a scope of its own. */
export function listInferencePlugins(
  deps: InferencePluginDeps,
): ((app: FastifyInstance) => void | Promise<void>)[] {
  const { gateway, clock, schedule, ids, randomHex } = deps;
  const { snapshot, keyUsage, noteRefused } = gateway;
  const authenticate = counted(createAuthenticate({ snapshot, digest: deps.digest, clock }), noteRefused);
  const common = { authenticate, clock, schedule, noteUse: keyUsage.note };
  const inference = inferenceRoutes({
    ...common,
    journey: { ...gateway.journey, authenticate: counted(gateway.journey.authenticate, noteRefused) },
    takeKeys: gateway.takeKeys,
    unary: gateway.unary,
    responses: deps.responses,
    listModels: snapshot.listModels,
    findTargets: snapshot.findTargets,
    limits: deps.limits,
    jsonLimits: jsonDefaults,
    onInternalError: deps.onInternalError,
    isHttps: deps.isHttps,
  });
  return [
    withCors(deps.cors, inference),
    olderRoutes({
      ...common,
      listPricedModels: createPricedModels(snapshot),
      findTargets: snapshot.findTargets,
      readAnalytics: deps.store.traces.readAnalytics,
    }),
    realtimeRoutes({
      ...common,
      ...gateway,
      record: deps.tracing.recordCall,
      newRequestId: () => newId('req_', ids),
      newTraceId: () => randomHex(16),
      newSpanId: () => randomHex(8),
    }),
  ];
}

/** The same, and whom it refuses is counted. */
function counted<Given extends unknown[], Found extends { ok: boolean }>(
  authenticate: (...given: Given) => Found,
  noteRefused: () => void,
): (...given: Given) => Found {
  return (...given) => {
    const found = authenticate(...given);
    if (!found.ok) noteRefused();
    return found;
  };
}
