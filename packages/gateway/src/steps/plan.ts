import { type Call, type DialectId, GatewayError } from '@app/protocol';
import { findWay } from '@app/providers';
import type { Asked, RouteMode } from '../asked.ts';
import type { Outcome } from '../outcome.ts';
import type { Snapshot, Target } from '../ports.ts';
import { preferred } from '../routing/preferred.ts';

/** Where a call may go, first choice first; never empty. */
export type Plan = { targets: readonly Target[]; mode: RouteMode };

export type PlanInput = {
  call: Call;
  asked: Pick<Asked, 'dialect' | 'principal' | 'modelPreferences' | 'providerIds'>;
  snapshot: Snapshot;
  attemptsMax: number;
};

/**
 * A named model goes to whoever serves it; preferences come next, then the configured order; a call that names nothing
 * follows the configured order. 404 `model_not_found` when nobody serves any of it.
 */
export function plan({ call, asked, snapshot, attemptsMax }: PlanInput): Outcome<Plan> {
  const { mode } = asked.principal;
  const preferences = asked.modelPreferences ?? [];
  const named = pinnedModel(call.model);
  const isPinned = named !== undefined && preferences.length === 0;
  const wanted = named === undefined ? preferences : [named, ...preferences];
  // A pinned model that nobody serves is a mistake to tell, so the configured order does not step in for it.
  const names = isPinned ? wanted : [...wanted, ...snapshot.modelOrder(mode)];
  const isMeant = ({ provider }: Target) => asked.providerIds?.includes(provider.id) !== false;
  const targets = preferred(names, (model) => snapshot.findTargets(model, mode).filter(isMeant), attemptsMax);
  if (targets.length === 0) return { ok: false, error: notFound(names[0] ?? call.model ?? 'auto') };
  const chosenBy = named !== undefined ? 'pinned' : preferences.length > 0 ? 'preferred' : 'default';
  return {
    ok: true,
    value: { targets: targets.map((target) => towards(target, asked.dialect.id)), mode: chosenBy },
  };
}

/** The target by the way that suits the caller's dialect. */
function towards(target: Target, dialect: DialectId): Target {
  if (target.provider.also === undefined) return target;
  return { ...target, provider: findWay(target.provider, { dialect, model: target.model }) };
}

/** `auto` and `auto:<mode>`, like no name at all, leave the choice to us. */
function pinnedModel(model: string | undefined): string | undefined {
  const isAutomatic = model === undefined || model === '' || model === 'auto' || model.startsWith('auto:');
  return isAutomatic ? undefined : model;
}

function notFound(model: string): GatewayError {
  const message = `The model \`${model.slice(0, 100)}\` does not exist or is not served here.`;
  return new GatewayError('model_not_found', message, { param: 'model', retryable: false });
}
